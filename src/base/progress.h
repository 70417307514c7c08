// What a person sees on stderr while a job runs: lines, and one status line that is redrawn on a terminal.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace pomona {

// stderr, shared by messages and the status line. On a terminal the status line is redrawn below the
// messages; elsewhere it becomes a plain line every few seconds. Quiet shows warnings only.
class Console {
 public:
  explicit Console(bool quiet = false);

  void info(std::string_view text);
  void warn(std::string_view text);
  // Redraws the status line, at most ten times a second on a terminal and once in ten seconds elsewhere.
  void status(std::string_view text, bool force = false);
  void clear_status();
  bool is_quiet() const { return quiet_; }
  // Whether a status would be drawn now: asked before the text is made.
  bool wants_status() const;

 private:
  void write_line(std::string_view text);

  bool quiet_;
  bool terminal_;
  bool status_drawn_ = false;
  std::chrono::steady_clock::time_point last_status_;
  mutable std::mutex mutex_;
};

// Counts of a stage, drawn as "extract  [#####-----]  4,100 of 8,200  512/s  8.0 s left  3 rejects".
// Thread-safe.
class Progress {
 public:
  Progress(Console& console, std::string stage, uint64_t total);
  // `done` of them were there before this process began, and do not count for the rate.
  void start_at(uint64_t done, uint64_t rejects);
  void advance(uint64_t photos, uint64_t rejects);
  // The same for photos that cost nothing: they do not count for the rate.
  void skip(uint64_t photos, uint64_t rejects);
  // Draws the last state and leaves it standing.
  void finish();

 private:
  std::string text(bool bar) const;

  Console& console_;
  std::string stage_;
  uint64_t total_;
  uint64_t before_ = 0;
  uint64_t done_ = 0;
  uint64_t rejects_ = 0;
  std::chrono::steady_clock::time_point start_;
  mutable std::mutex mutex_;
};

}  // namespace pomona
