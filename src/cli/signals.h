// Ctrl-C and SIGTERM as a stop request.
#pragma once

#include <csignal>
#include <stop_token>

namespace pomona::cli {

// The first SIGINT or SIGTERM asks for a stop, the second ends the program at once. One for the program.
class Signals {
 public:
  Signals();
  std::stop_token token() const { return source_.get_token(); }
  // 130 after SIGINT, 143 after SIGTERM, as a shell reports them.
  static int exit_status();

 private:
  std::stop_source source_;
};

}  // namespace pomona::cli
