// pomona run, retry, extract, fit, reduce, train.
#include "job/run.h"

#include <functional>
#include <memory>
#include <utility>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/dry_run.h"
#include "cli/engine.h"
#include "cli/options.h"
#include "cli/report.h"
#include "cli/summary.h"
#include "report/subject.h"

namespace pomona::cli {
namespace {

struct JobArguments {
  std::string source;
  std::string out;
  Options options;
  EngineOptions engine = {};  // of `run` alone
};

CLI::App* job_command(CLI::App& program, const std::string& name, const std::string& what,
                      const std::shared_ptr<JobArguments>& arguments, bool with_source) {
  CLI::App* command = program.add_subcommand(name, what);
  if (with_source) {
    command
        ->add_option("SOURCE", arguments->source,
                     "folder or s3://bucket/prefix (--help-s3) of photos; hidden files are left out")
        ->required();
    command->add_option("OUT", arguments->out, "folder for the results, or s3://bucket/prefix")->required();
  } else {
    command->add_option("OUT", arguments->out, "folder of an earlier run")->required();
  }
  return command;
}

// The command once more, as a shell reads it.
std::string as_given(const std::vector<std::string>& arguments) {
  std::string command = "pomona";
  for (const std::string& argument : arguments) command += " " + report::shell_quoted(argument);
  return command;
}

// The page's path, written anew where the stages took an older one away. A page that cannot be drawn does not
// undo the run.
std::string report_of(const RunSummary& summary, const Options& options, Console& console,
                      const std::string& command = {}) {
  std::string page = summary.dataset + "/report.html";
  if (options.no_report) return {};
  ReportSettings settings = options.report_settings();
  settings.retry = command;
  if (open_storage(summary.dataset, settings.s3)->stat("report.html")) return page;
  try {
    write_report_of(summary.dataset, settings, console);
    return page;
  } catch (const Error& error) {
    console.warn(error.what());
    return {};
  }
}

// Whether that was asked for; `fitting` as in dry_run().
bool say_dry_run(const JobArguments& job, bool fitting, Console& console, const Context& context) {
  if (!job.options.dry_run) return false;
  print_dry_run(dry_run(job.source, job.out, job.options.settings(), fitting, console, context.stop),
                job.options.json);
  return true;
}

// What every job command does when it is named: the action gets its arguments and a console for its progress.
void on_call(CLI::App& command, const std::shared_ptr<JobArguments>& arguments, Context& context,
             std::function<void(const JobArguments&, Console&)> action) {
  command.callback([arguments, &context, action = std::move(action)] {
    context.json = arguments->options.json;
    context.action = [arguments, action] {
      Console console(arguments->options.quiet);
      action(*arguments, console);
    };
  });
}

}  // namespace

void add_run(CLI::App& program, Context& context) {
  auto arguments = std::make_shared<JobArguments>();
  CLI::App* command =
      job_command(program, "run", "Photos to features, scaler, PCA, classifier and bundle; again: resumes",
                  arguments, true);
  command->get_help_ptr()->group("");  // whoever reads of it has found it, and the screen is full
  add_network_flags(*command, arguments->options);
  add_precision_flags(*command, arguments->options);
  add_choice_flags(*command, arguments->options);
  add_photo_flags(*command, arguments->options);
  add_model_flags(*command, arguments->options);
  command->add_flag("--train", arguments->options.train)->group("");  // the default
  command
      ->add_flag_callback(
          "--no-train", [arguments] { arguments->options.train = false; },
          "no classifier, though the photos have labels; `pomona train` adds one later")
      ->group("Classifier");
  command
      ->add_option("--augment", arguments->options.augment,
                   "learn from so many further views of each photo: crops, turned, other light")
      ->group("Classifier")
      ->capture_default_str();
  command
      ->add_flag("--augment-background", arguments->options.augment_background,
                 "put photos that are cut out before white before something else, in their further views")
      ->group("Classifier");
  add_work_flags(*command, arguments->options);
  add_dataset_flags(*command, arguments->options);
  add_dry_run_flag(*command, arguments->options);
  add_report_flags(*command, arguments->options);
  add_s3_flags(*command, arguments->options.s3);
  add_engine_flags(*command, arguments->engine);
  add_output_flags(*command, arguments->options);
  on_call(*command, arguments, context, [&context](const JobArguments& job, Console& console) {
    if (say_dry_run(job, true, console, context)) return;
    const JobSettings settings = job.options.settings();
    const auto engine = open_engine(job.engine, context);
    if (engine) console.info("engine   " + engine->description());
    const RunSummary summary =
        pomona::run(job.source, job.out, settings, console, context.stop, engine.get());
    print_summary(summary, job.options.json, context,
                  report_of(summary, job.options, console, as_given(context.arguments)));
  });
}

void add_retry(CLI::App& program, Context& context) {
  auto arguments = std::make_shared<JobArguments>();
  CLI::App* command =
      job_command(program, "retry",
                  "Tries the rejects again whose reason can pass: storage errors, changed, no permission",
                  arguments, false);
  command->add_option("--source", arguments->source, "where the photos are now [where they were]")
      ->group("Photos");
  add_work_flags(*command, arguments->options);
  add_max_rejects_flag(*command, arguments->options);
  add_report_flags(*command, arguments->options);
  add_s3_flags(*command, arguments->options.s3);
  add_output_flags(*command, arguments->options);
  on_call(*command, arguments, context, [&context](const JobArguments& job, Console& console) {
    const RunSummary summary = run_retry(job.out, job.source, job.options.settings(), console, context.stop);
    print_summary(summary, job.options.json, context, report_of(summary, job.options, console));
  });
}

void add_extract(CLI::App& program, Context& context) {
  auto arguments = std::make_shared<JobArguments>();
  CLI::App* command =
      job_command(program, "extract", "The first stage alone: photos to features", arguments, true);
  add_network_flags(*command, arguments->options);
  add_precision_flags(*command, arguments->options);
  add_choice_flags(*command, arguments->options);
  add_photo_flags(*command, arguments->options);
  add_work_flags(*command, arguments->options);
  add_dataset_flags(*command, arguments->options);
  add_dry_run_flag(*command, arguments->options);
  add_s3_flags(*command, arguments->options.s3);
  add_output_flags(*command, arguments->options);
  on_call(*command, arguments, context, [&context](const JobArguments& job, Console& console) {
    if (say_dry_run(job, false, console, context)) return;
    print_summary(run_extract(job.source, job.out, job.options.settings(), console, context.stop),
                  job.options.json, context);
  });
}

void add_fit(CLI::App& program, Context& context) {
  auto arguments = std::make_shared<JobArguments>();
  CLI::App* command =
      job_command(program, "fit", "Scaler, PCA and bundle from features already there", arguments, false);
  add_model_flags(*command, arguments->options);
  add_work_flags(*command, arguments->options);
  add_s3_flags(*command, arguments->options.s3);
  add_output_flags(*command, arguments->options);
  on_call(*command, arguments, context, [&context](const JobArguments& job, Console& console) {
    print_summary(run_fit(job.out, job.options.settings(), console, context.stop), job.options.json, context);
  });
}

void add_reduce(CLI::App& program, Context& context) {
  auto arguments = std::make_shared<JobArguments>();
  CLI::App* command =
      job_command(program, "reduce", "Reduced vectors of features already there", arguments, false);
  add_work_flags(*command, arguments->options);
  add_s3_flags(*command, arguments->options.s3);
  add_output_flags(*command, arguments->options);
  on_call(*command, arguments, context, [&context](const JobArguments& job, Console& console) {
    print_summary(run_reduce(job.out, job.options.settings(), console, context.stop), job.options.json,
                  context);
  });
}

void add_train(CLI::App& program, Context& context) {
  auto arguments = std::make_shared<JobArguments>();
  CLI::App* command = job_command(program, "train", "Classifier and predictions from features already there",
                                  arguments, false);
  add_training_flags(*command, arguments->options);
  add_work_flags(*command, arguments->options);
  add_report_flags(*command, arguments->options);
  add_s3_flags(*command, arguments->options.s3);
  add_output_flags(*command, arguments->options);
  on_call(*command, arguments, context, [&context](const JobArguments& job, Console& console) {
    const RunSummary summary = run_train(job.out, job.options.settings(), console, context.stop);
    print_summary(summary, job.options.json, context, report_of(summary, job.options, console));
  });
}

}  // namespace pomona::cli
