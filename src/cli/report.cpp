// pomona report: a dataset as one page.
#include "cli/report.h"

#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/text.h"
#include "base/threads.h"
#include "cli/commands.h"
#include "cli/options.h"

namespace pomona::cli {

ReportSummary write_report_of(const std::string& out, uint64_t thumbnails, const JobSettings& job,
                              Console& console) {
  const auto dataset = open_storage(out, job.s3);
  ReportSettings settings;
  settings.thumbnails = thumbnails;
  settings.threads = threads_of(job);
  settings.s3 = job.s3;
  return write_report(*dataset, settings, console);
}

void add_report(CLI::App& program, Context& context) {
  auto out = std::make_shared<std::string>();
  auto thumbnails = std::make_shared<std::string>(std::to_string(ReportSettings{}.thumbnails));
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("report", "report.html: a finished run at a glance, in one file");
  command->add_option("OUT", *out, "folder of a finished run")->required();
  command->add_option("--thumbnails", *thumbnails, "pictures in the page, at most; 0 for none")
      ->capture_default_str();
  add_work_flags(*command, *options);
  add_s3_flags(*command, options->s3);
  add_output_flags(*command, *options);
  command->callback([out, thumbnails, options, &context] {
    context.json = options->json;
    context.action = [out, thumbnails, options] {
      Console console(options->quiet);
      const uint64_t pictures = parse_count("--thumbnails", *thumbnails, 0, 20'000);
      const ReportSummary summary = write_report_of(*out, pictures, options->settings(), console);
      const std::string page = *out + "/report.html";
      if (options->json) {
        std::cout << nlohmann::json{{"report", to_utf8(page)},
                                    {"points", summary.points},
                                    {"thumbnails", summary.thumbnails},
                                    {"bytes", summary.bytes},
                                    {"seconds", summary.seconds}}
                         .dump()
                  << std::endl;
      } else {
        std::cout << "open " << page << " in a browser (" << human_bytes(summary.bytes) << ")\n";
      }
    };
  });
}

}  // namespace pomona::cli
