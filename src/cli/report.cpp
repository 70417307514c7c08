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

ReportSummary write_report_of(const std::string& out, const ReportSettings& settings, Console& console) {
  return write_report(*open_storage(out, settings.s3), settings, console);
}

void add_report(CLI::App& program, Context& context) {
  auto out = std::make_shared<std::string>();
  auto source = std::make_shared<std::string>();
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("report", "report.html: a finished run at a glance, in one file");
  command->add_option("OUT", *out, "folder of a finished run")->required();
  command->add_option("--source", *source, "where the photos are now [where the run read them]");
  add_thumbnails_flag(*command, *options);
  add_work_flags(*command, *options);
  add_s3_flags(*command, options->s3);
  add_output_flags(*command, *options);
  command->callback([out, source, options, &context] {
    context.json = options->json;
    context.action = [out, source, options] {
      Console console(options->quiet);
      ReportSettings settings = options->report_settings();
      settings.source = *source;
      const ReportSummary summary = write_report_of(*out, settings, console);
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
