#include "bundle/answer_json.h"

namespace pomona {

nlohmann::json to_json(const Answer& answer, const std::vector<std::string>& classes) {
  nlohmann::json ranking = nlohmann::json::array();
  for (const Ranked& ranked : answer.ranking) {
    ranking.push_back({{"label", classes.at(ranked.label)}, {"probability", ranked.probability}});
  }
  const Ranked& best = answer.ranking.front();
  return {{"label", classes.at(best.label)}, {"probability", best.probability}, {"ranking", ranking},
          {"verdict", name(answer.verdict)}, {"novelty", answer.novelty},       {"reason", answer.reason}};
}

}  // namespace pomona
