#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "arrays.h"
#include "bindings.h"
#include "classify/classifier.h"
#include "classify/decision.h"
#include "classify/folds.h"
#include "classify/lookalikes.h"
#include "classify/metrics.h"
#include "classify/nearest.h"
#include "classify/neighbours.h"
#include "classify/novelty.h"
#include "classify/select.h"
#include "classify/softmax.h"
#include "classify/temperature.h"
#include "classify/train.h"

namespace pomona::python {
namespace {

namespace nb = nanobind;
using nb::literals::operator""_a;

MatrixRows rows_of(const Matrix<float>& matrix) { return {span_of(matrix), matrix.shape(1)}; }

ClassWeights weights_of(bool balanced) { return balanced ? ClassWeights::balanced : ClassWeights::none; }

SoftmaxModel train(const Matrix<float>& rows, const Vector<uint32_t>& labels, size_t classes, double strength,
                   bool balanced, size_t threads, size_t max_iterations, double tolerance,
                   const SoftmaxModel* start) {
  const nb::gil_scoped_release release;
  return train_softmax(rows_of(rows), span_of(labels), classes,
                       {strength, weights_of(balanced), threads, max_iterations, tolerance}, start);
}

void bind_softmax(nb::module_& module) {
  nb::class_<SoftmaxModel>(module, "SoftmaxModel")
      .def_ro("dimension", &SoftmaxModel::dimension)
      .def_ro("classes", &SoftmaxModel::classes)
      .def_rw("temperature", &SoftmaxModel::temperature)
      .def_prop_ro(
          "weights",
          [](const SoftmaxModel& self) { return to_numpy(self.weights, {self.classes, self.dimension}); },
          nb::rv_policy::move)
      .def_prop_ro(
          "intercepts", [](const SoftmaxModel& self) { return to_numpy(self.intercepts); },
          nb::rv_policy::move)
      .def("logits",
           [](const SoftmaxModel& self, const Matrix<float>& rows) {
             return computed<float>(rows.shape(0), self.classes, [&](std::span<float> out) {
               SoftmaxClassifier(self).logits(span_of(rows), out);
             });
           })
      .def("probabilities", [](const SoftmaxModel& self, const Matrix<float>& rows) {
        return computed<double>(rows.shape(0), self.classes, [&](std::span<double> out) {
          SoftmaxClassifier(self).probabilities(span_of(rows), out);
        });
      });
  module.def("train_softmax", &train, "rows"_a, "labels"_a, "classes"_a, "strength"_a = 1.0,
             "balanced"_a = false, "threads"_a = 1, "max_iterations"_a = 1000, "tolerance"_a = 1e-5,
             "start"_a.none() = nb::none());
  module.def("fit_temperature", [](const Matrix<float>& logits, const Vector<uint32_t>& labels) {
    return fit_temperature(span_of(logits), span_of(labels));
  });
}

nb::dict described(const Candidate& candidate) {
  nb::dict result;
  result["strength"] = candidate.strength;
  result["neighbours"] = candidate.neighbours;
  result["accuracy"] = candidate.accuracy;
  result["log_loss"] = candidate.log_loss;
  result["temperature"] = candidate.temperature;
  return result;
}

nb::dict select(const Matrix<float>& rows, const Vector<uint32_t>& labels, size_t classes,
                const Vector<uint64_t>& groups, const Vector<uint64_t>& keys, uint32_t folds, bool balanced,
                size_t threads, size_t max_rows, bool knn) {
  SelectionOptions options;
  options.folds = folds;
  options.class_weights = weights_of(balanced);
  options.threads = threads;
  options.max_rows = max_rows;
  Selection selection;
  {
    const nb::gil_scoped_release release;
    const auto search = knn ? select_neighbours : select_strength;
    selection = search(rows_of(rows), span_of(labels), classes, span_of(groups), span_of(keys), options, {});
  }
  nb::list tried;
  for (const Candidate& candidate : selection.tried) tried.append(described(candidate));
  nb::dict result;
  result["best"] = described(selection.best);
  result["tried"] = tried;
  const size_t judged = selection.rows.size();
  result["rows"] = to_numpy(std::move(selection.rows));
  result["fold"] = to_numpy(std::move(selection.fold));
  result["labels"] = to_numpy(std::move(selection.labels));
  result["logits"] = to_numpy(std::move(selection.logits), {judged, classes});
  return result;
}

void bind_selection(nb::module_& module) {
  module.def("plan_folds",
             [](const Vector<uint32_t>& labels, const Vector<uint64_t>& groups, uint32_t folds) {
               return to_numpy(plan_folds(span_of(labels), span_of(groups), folds).fold);
             });
  module.def("average_linkage", [](const Matrix<double>& distances, size_t clusters) {
    const auto values = span_of(distances);
    return to_numpy(average_linkage({values.begin(), values.end()}, distances.shape(0), clusters));
  });
  module.def(
      "lookalike_groups",
      [](const Matrix<float>& rows, const Vector<uint32_t>& labels, const Vector<uint64_t>& keys,
         size_t groups_per_class, size_t max_linked, size_t threads) {
        std::vector<uint64_t> groups;
        {
          const nb::gil_scoped_release release;
          groups = lookalike_groups(rows_of(rows), span_of(labels), span_of(keys),
                                    {groups_per_class, max_linked, threads});
        }
        return to_numpy(std::move(groups));
      },
      "rows"_a, "labels"_a, "keys"_a, "groups_per_class"_a = 10, "max_linked"_a = 1000, "threads"_a = 1);
  module.def("select_strength", &select, "rows"_a, "labels"_a, "classes"_a, "groups"_a, "keys"_a,
             "folds"_a = 5, "balanced"_a = false, "threads"_a = 1, "max_rows"_a = 20'000, "knn"_a = false);
}

void bind_novelty(nb::module_& module) {
  nb::class_<ResidualNovelty>(module, "ResidualNovelty")
      .def(nb::init<const StandardScaler*, const Pca&>(), "scaler"_a.none(), "pca"_a)
      .def("score",
           [](const ResidualNovelty& self, const Matrix<float>& features, const Matrix<float>& reduced) {
             std::vector<double> scores(features.shape(0));
             self.score(span_of(features), span_of(reduced), scores);
             return to_numpy(std::move(scores));
           });
  nb::class_<MahalanobisModel>(module, "MahalanobisModel")
      .def_ro("dimension", &MahalanobisModel::dimension)
      .def_ro("classes", &MahalanobisModel::classes)
      .def("score", [](const MahalanobisModel& self, const Matrix<float>& rows) {
        std::vector<double> scores(rows.shape(0));
        MahalanobisNovelty(self).score(span_of(rows), scores);
        return to_numpy(std::move(scores));
      });
  module.def(
      "fit_mahalanobis",
      [](const Matrix<float>& rows, const Vector<uint32_t>& labels, size_t classes, double shrinkage) {
        return fit_mahalanobis(rows_of(rows), span_of(labels), classes, shrinkage);
      },
      "rows"_a, "labels"_a, "classes"_a, "shrinkage"_a = kDefaultShrinkage,
      nb::call_guard<nb::gil_scoped_release>());
  module.def("rejection_threshold", [](const Vector<double>& scores, double false_rejection) {
    return rejection_threshold(span_of(scores), false_rejection);
  });
  module.def("vim_weight", [](const Vector<double>& residuals, const Matrix<float>& logits) {
    return vim_weight(span_of(residuals), span_of(logits));
  });
  module.def("vim_score", [](double residual, const Vector<float>& logits, double weight) {
    return vim_score(residual, span_of(logits), weight);
  });
  module.def("certified_rejection", &certified_rejection);
  module.def("held_back_residuals", [](const Matrix<float>& features, const Vector<uint32_t>& fold,
                                       uint32_t folds, size_t components, bool scaled, size_t threads) {
    std::vector<double> scores;
    {
      const nb::gil_scoped_release release;
      scores = held_back_residuals(rows_of(features), span_of(fold), folds, components, scaled, threads);
    }
    return to_numpy(std::move(scores));
  });
}

nb::dict evaluated(const Vector<uint32_t>& labels, const Vector<uint32_t>& predictions, size_t classes) {
  Evaluation evaluation = evaluate(span_of(labels), span_of(predictions), classes);
  nb::list per_class;
  for (const ClassFigures& figures : evaluation.per_class) {
    per_class.append(nb::make_tuple(figures.precision, figures.recall, figures.f1, figures.support));
  }
  nb::dict result;
  result["accuracy"] = evaluation.accuracy;
  result["macro_f1"] = evaluation.macro_f1;
  result["per_class"] = per_class;
  result["confusion"] = to_numpy(std::move(evaluation.confusion), {classes, classes});
  return result;
}

nb::dict calibrated(const Matrix<double>& probabilities, const Vector<uint32_t>& labels, size_t bins) {
  const Reliability result = calibration(span_of(probabilities), span_of(labels), bins);
  nb::list list;
  for (const ReliabilityBin& bin : result.bins)
    list.append(nb::make_tuple(bin.rows, bin.confidence, bin.accuracy));
  nb::dict described;
  described["ece"] = result.ece;
  described["bins"] = list;
  return described;
}

void bind_metrics(nb::module_& module) {
  module.def("evaluate", &evaluated, "labels"_a, "predictions"_a, "classes"_a);
  module.def("calibration", &calibrated, "probabilities"_a, "labels"_a, "bins"_a = 15);
  module.def("log_loss", [](const Matrix<double>& probabilities, const Vector<uint32_t>& labels) {
    return log_loss(span_of(probabilities), span_of(labels));
  });
  module.def("auroc", [](const Vector<double>& positives, const Vector<double>& negatives) {
    return auroc(span_of(positives), span_of(negatives));
  });
  module.def("wilson_interval", [](uint64_t successes, uint64_t trials) {
    const Interval interval = wilson_interval(successes, trials);
    return std::pair(interval.low, interval.high);
  });
}

nb::tuple fit(const Matrix<float>& features, const Matrix<float>& reduced, const Vector<uint32_t>& labels,
              size_t classes, const Vector<uint64_t>& keys, const Vector<uint64_t>& groups,
              const StandardScaler* scaler, const Pca& pca, double false_rejection, size_t threads,
              bool knn) {
  ClassifierOptions options;
  options.kind = knn ? ClassifierKind::knn : ClassifierKind::softmax;
  options.selection.threads = options.lookalikes.threads = threads;
  options.false_rejection = false_rejection;
  const MatrixRows feature_rows = rows_of(features);
  const MatrixRows reduced_rows = rows_of(reduced);
  TrainingReport report;
  Classifier classifier;
  {
    const nb::gil_scoped_release release;
    classifier = fit_classifier(
        {feature_rows, reduced_rows, span_of(labels), classes, span_of(keys), span_of(groups), scaler, pca},
        options, &report);
  }
  nb::list tried;
  for (const Candidate& candidate : report.tried) tried.append(described(candidate));
  nb::dict told;
  told["tried"] = tried;
  told["chosen"] = described(report.chosen);
  told["held_back"] = report.held_back;
  told["groups"] = report.groups;
  told["uncertain"] = report.uncertain;
  told["not_a_fruit"] = report.not_a_fruit;
  return nb::make_tuple(std::move(classifier), told);
}

nb::tuple answers_of(const AnswerMachine& self, const Matrix<float>& features, const Matrix<float>& reduced,
                     size_t top) {
  std::vector<double> probabilities(features.shape(0) * self.classes());
  std::vector<Answer> answers;
  {
    const nb::gil_scoped_release release;
    answers = self.answer(span_of(features), span_of(reduced), top, probabilities);
  }
  nb::list verdicts;
  nb::list reasons;
  std::vector<double> novelty;
  for (const Answer& answer : answers) {
    verdicts.append(name(answer.verdict));
    reasons.append(answer.reason);
    novelty.push_back(answer.novelty);
  }
  return nb::make_tuple(to_numpy(std::move(probabilities), {answers.size(), self.classes()}),
                        to_numpy(std::move(novelty)), verdicts, reasons);
}

void bind_classifier(nb::module_& module) {
  nb::class_<Classifier>(module, "Classifier")
      .def_ro("softmax", &Classifier::softmax)
      .def_ro("residual_weight", &Classifier::residual_weight)
      .def_prop_ro("novelty_threshold", [](const Classifier& self) { return self.thresholds.novelty; })
      .def_prop_ro("probability_threshold",
                   [](const Classifier& self) { return self.thresholds.probability; });
  module.def("fit_classifier", &fit, "features"_a, "reduced"_a, "labels"_a, "classes"_a, "keys"_a, "groups"_a,
             "scaler"_a.none(), "pca"_a, "false_rejection"_a = 0.05, "threads"_a = 1, "knn"_a = false);
  nb::class_<AnswerMachine>(module, "AnswerMachine")
      .def(nb::init<const StandardScaler*, const Pca&, const Classifier&>(), "scaler"_a.none(), "pca"_a,
           "classifier"_a)
      .def("answer", &answers_of, "features"_a, "reduced"_a, "top"_a = 3);
}

void bind_answers(nb::module_& module) {
  module.def(
      "decide",
      [](const Vector<double>& probabilities, double novelty, double novelty_threshold,
         double probability_threshold, size_t top) {
        const Answer answer =
            decide(span_of(probabilities), novelty, {novelty_threshold, probability_threshold}, top);
        nb::list ranking;
        for (const Ranked& ranked : answer.ranking)
          ranking.append(nb::make_tuple(ranked.label, ranked.probability));
        return nb::make_tuple(name(answer.verdict), ranking, answer.reason);
      },
      "probabilities"_a, "novelty"_a, "novelty_threshold"_a, "probability_threshold"_a, "top"_a = 3);
  nb::class_<NearestRows>(module, "NearestRows")
      .def("__init__",
           [](NearestRows* self, const Matrix<float>& rows) {
             new (self) NearestRows(span_of(rows), rows.shape(1));
           })
      .def("find",
           [](const NearestRows& self, const Matrix<float>& queries, size_t k) {
             std::vector<std::vector<Neighbour>> found;
             {
               const nb::gil_scoped_release release;
               found = self.find(span_of(queries), k);
             }
             const size_t columns = std::min(k, self.count());
             std::vector<size_t> rows;
             std::vector<float> cosines;
             for (const auto& neighbours : found) {
               for (const Neighbour& neighbour : neighbours) {
                 rows.push_back(neighbour.row);
                 cosines.push_back(neighbour.cosine);
               }
             }
             return nb::make_tuple(to_numpy(std::move(rows), {found.size(), columns}),
                                   to_numpy(std::move(cosines), {found.size(), columns}));
           })
      .def("vote", [](const NearestRows& self, const Matrix<float>& queries, size_t k,
                      const Vector<uint32_t>& labels, size_t classes) {
        auto shares = vote(self.find(span_of(queries), k), span_of(labels), classes);
        return to_numpy(std::move(shares), {queries.shape(0), classes});
      });
}

void bind_neighbours(nb::module_& module) {
  nb::class_<NeighbourModel>(module, "NeighbourModel")
      .def_ro("neighbours", &NeighbourModel::neighbours)
      .def_prop_ro(
          "rows",
          [](const NeighbourModel& self) {
            return to_numpy(self.rows, {self.labels.size(), self.dimension});
          },
          nb::rv_policy::move)
      .def("logits", [](const NeighbourModel& self, const Matrix<float>& rows) {
        return computed<float>(rows.shape(0), self.classes, [&](std::span<float> out) {
          NeighbourClassifier(self).logits(span_of(rows), out);
        });
      });
  module.def(
      "keep_neighbours",
      [](const Matrix<float>& rows, const Vector<uint32_t>& labels, size_t classes,
         const Vector<uint64_t>& keys, size_t k, size_t max_rows) {
        return keep_neighbours(rows_of(rows), span_of(labels), classes, span_of(keys), {}, k, max_rows);
      },
      "rows"_a, "labels"_a, "classes"_a, "keys"_a, "k"_a, "max_rows"_a = kMaxNeighbourRows);
}

}  // namespace

void bind_classify(nb::module_& module) {
  bind_neighbours(module);
  bind_softmax(module);
  bind_selection(module);
  bind_novelty(module);
  bind_metrics(module);
  bind_answers(module);
  bind_classifier(module);
}

}  // namespace pomona::python
