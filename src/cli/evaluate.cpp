// pomona evaluate: how good a bundle's answers are on labelled photos.
#include "job/evaluate.h"

#include <iostream>
#include <memory>

#include <unistd.h>

#include "base/error.h"
#include "base/text.h"
#include "base/threads.h"
#include "cli/commands.h"
#include "cli/figures.h"
#include "cli/options.h"
#include "packed/open_source.h"
#include "report/evaluation_report.h"
#include "report/subject.h"

namespace pomona::cli {
namespace {

constexpr size_t kShownMistakes = 10;
constexpr size_t kShownClasses = 5;

struct EvaluateArguments {
  std::string bundle;
  std::string source;
  std::string unknown;
  std::string labels = "folder";
  std::string mistakes = "20";
  std::string threads;
  std::string page;  // the report's file; empty: none
  Options report;    // what shapes it
  bool quiet = false;
  bool json = false;
  S3Flags s3;
};

void print_known(const EvaluationResult& result) {
  std::cout << "  accuracy    " << percent(result.known->accuracy) << " of "
            << counted(result.known->rows, "photo") << " (95 % interval "
            << percent(result.accuracy_interval.low) << " to " << percent(result.accuracy_interval.high)
            << "), macro-F1 " << decimals(result.known->macro_f1) << "\n  calibration ECE "
            << decimals(result.calibration.ece) << ", log-loss " << decimals(result.log_loss) << ", "
            << percent(result.uncertain) << " uncertain\n";
}

void print_novelty(const NoveltyFigures& novelty) {
  if (novelty.false_rejection) {
    std::cout << "  novelty     " << percent(*novelty.false_rejection) << " of known photos turned away";
    if (novelty.true_rejection) {
      std::cout << ", " << percent(*novelty.true_rejection) << " of " << with_commas(novelty.unknown)
                << " unknown ones, AUROC " << decimals(*novelty.auroc);
    }
    std::cout << "\n";
  }
}

// The classes with the lowest recall.
void print_weakest(const EvaluationResult& result) {
  std::vector<size_t> classes;
  for (size_t c = 0; c < result.classes.size(); ++c) {
    if (result.known->per_class[c].support > 0) classes.push_back(c);
  }
  std::ranges::stable_sort(classes, {}, [&](size_t c) { return result.known->per_class[c].recall; });
  classes.resize(std::min(classes.size(), kShownClasses));
  std::cout << "  weakest     class: recall, precision, photos\n";
  for (const size_t c : classes) {
    const ClassFigures& figures = result.known->per_class[c];
    std::cout << "              " << result.classes[c] << ": " << percent(figures.recall) << ", "
              << percent(figures.precision) << ", " << with_commas(figures.support) << "\n";
  }
}

void print_mistakes(const EvaluationResult& result) {
  if (result.mistakes.empty()) return;
  std::cout << "  mistakes    the most confident first (--json lists more)\n";
  for (size_t i = 0; i < std::min(result.mistakes.size(), kShownMistakes); ++i) {
    const Mistake& mistake = result.mistakes[i];
    std::cout << "              " << mistake.path << ": " << mistake.predicted << " "
              << percent(mistake.probability) << " [" << name(mistake.verdict) << "]\n";
  }
}

void print(const EvaluationResult& result) {
  std::cout << counted(result.photos, "photo") << " = " << counted(result.rows, "row") << " + "
            << counted(result.rejects, "reject") << "\n";
  if (result.known) print_known(result);
  print_novelty(result.novelty);
  if (result.known) print_weakest(result);
  print_mistakes(result);
  if (!result.other_labels.empty()) {
    std::cout << "  left out    labels that the classifier does not know:";
    for (const auto& [label, count] : result.other_labels)
      std::cout << " " << label << " " << with_commas(count);
    std::cout << "\n";
  }
}

// The folder and the name of a file or an object.
std::pair<std::string, std::string> split(const std::string& file) {
  const size_t slash = file.rfind('/');
  if (slash == std::string::npos) return {".", file};
  return {slash == 0 ? "/" : file.substr(0, slash), file.substr(slash + 1)};
}

// So that an evaluation does not end at a folder that cannot be written. A store may allow to write and not
// to remove, and is not asked.
void try_to_write(Storage& storage) {
  if (!storage.local_folder()) return;
  const std::string probe = ".pomona-probe-" + std::to_string(::getpid());
  storage.write(probe, "");
  storage.remove(probe);
}

// The same command once more, as a shell reads it.
std::string again(const EvaluateArguments& arguments) {
  std::string command = "pomona evaluate";
  for (const std::string& word : {arguments.bundle, arguments.source, std::string("-o"), arguments.page})
    command += " " + report::shell_quoted(word);
  return command;
}

void evaluate(const EvaluateArguments& arguments, const Context& context) {
  const Bundle bundle = load_bundle(*open_storage(arguments.bundle, arguments.s3.options()), "");
  EvaluateOptions options;
  options.labels = arguments.labels;
  options.unknown = arguments.unknown;
  if (arguments.unknown.empty() && bundle.classifier) options.unknown = bundle.classifier->unknown;
  options.mistakes = parse_count("--mistakes", arguments.mistakes, 0, 1'000'000);
  options.threads =
      arguments.threads.empty() ? available_threads() : parse_count("--threads", arguments.threads, 1, 1024);
  Console console(arguments.quiet);
  EvaluationReport report(bundle, arguments.bundle, arguments.source);
  ReportSettings page = arguments.report.report_settings();
  page.threads = options.threads;
  page.s3 = arguments.s3.options();
  page.retry = again(arguments);
  const auto [folder, key] = split(arguments.page);
  std::unique_ptr<Storage> pages;
  if (!arguments.page.empty()) {
    options.observer = &report;
    pages = open_storage(folder, page.s3);
    try_to_write(*pages);
  }
  const auto result = pomona::evaluate(bundle, *open_source(arguments.source, arguments.s3.options()),
                                       options, console, context.stop);
  if (pages) report.write(*pages, key, page, console);
  if (arguments.json) {
    nlohmann::json json = to_json(result);
    if (!arguments.page.empty()) json["report"] = to_utf8(arguments.page);
    std::cout << json.dump() << std::endl;
  } else {
    print(result);
    if (!arguments.page.empty()) std::cout << "  report      " << arguments.page << "\n";
  }
}

}  // namespace

void add_evaluate(CLI::App& program, Context& context) {
  auto arguments = std::make_shared<EvaluateArguments>();
  CLI::App* command =
      program.add_subcommand("evaluate", "How good a bundle's answers are on labelled photos");
  command->add_option("BUNDLE", arguments->bundle, "folder of a bundle: OUT/bundle")->required();
  command->add_option("SOURCE", arguments->source, "folder of photos, one folder a class")->required();
  command->add_option("--unknown", arguments->unknown,
                      "label of photos that show none of the classes [the one that training knew]");
  command
      ->add_option("--labels", arguments->labels, "folder (the parent's name), or a CSV file of path,label")
      ->capture_default_str();
  command->add_option("-o,--report", arguments->page,
                      "write a page that shows it all, with photos: page.html");
  add_thumbnails_flag(*command, arguments->report);
  command->add_option("--mistakes", arguments->mistakes, "wrong answers to list")->capture_default_str();
  command->add_option("--threads", arguments->threads, "threads [the cores that this process may use]");
  add_s3_flags(*command, arguments->s3);
  command->add_flag("--quiet", arguments->quiet, "no progress on stderr");
  command->add_flag("--json", arguments->json, "results as one JSON object");
  command->callback([arguments, &context] {
    context.json = arguments->json;
    context.action = [arguments, &context] { evaluate(*arguments, context); };
  });
}

}  // namespace pomona::cli
