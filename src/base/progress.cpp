#include "base/progress.h"

#include <algorithm>
#include <cmath>
#include <iostream>

#include <unistd.h>

#include "base/text.h"

namespace pomona {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

}  // namespace

Console::Console(bool quiet)
    : quiet_(quiet), terminal_(isatty(STDERR_FILENO) == 1), last_status_(Clock::now()) {}

void Console::write_line(std::string_view text) {
  if (status_drawn_) std::cerr << "\r\x1b[K";
  status_drawn_ = false;
  std::cerr << text << '\n' << std::flush;
}

void Console::info(std::string_view text) {
  if (quiet_) return;
  const std::lock_guard lock(mutex_);
  write_line(text);
}

void Console::warn(std::string_view text) {
  const std::lock_guard lock(mutex_);
  write_line(text);
}

bool Console::wants_status() const {
  if (quiet_) return false;
  const std::lock_guard lock(mutex_);
  return Clock::now() - last_status_ >= (terminal_ ? 100ms : 10000ms);
}

void Console::status(std::string_view text, bool force) {
  if (quiet_ || (!force && !wants_status())) return;
  const std::lock_guard lock(mutex_);
  last_status_ = Clock::now();
  if (!terminal_) {
    std::cerr << text << '\n' << std::flush;
    return;
  }
  std::cerr << "\r\x1b[K" << text << std::flush;
  status_drawn_ = true;
}

void Console::clear_status() {
  const std::lock_guard lock(mutex_);
  if (status_drawn_) std::cerr << "\r\x1b[K" << std::flush;
  status_drawn_ = false;
}

Progress::Progress(Console& console, std::string stage, uint64_t total)
    : console_(console), stage_(std::move(stage)), total_(total), start_(Clock::now()) {}

void Progress::start_at(uint64_t done, uint64_t rejects) {
  const std::lock_guard lock(mutex_);
  before_ = done_ = done;
  rejects_ = rejects;
}

void Progress::advance(uint64_t photos, uint64_t rejects) {
  {
    const std::lock_guard lock(mutex_);
    done_ += photos;
    rejects_ += rejects;
  }
  if (console_.wants_status()) console_.status(text(true));
}

void Progress::skip(uint64_t photos, uint64_t rejects) {
  {
    const std::lock_guard lock(mutex_);
    before_ += photos;
  }
  advance(photos, rejects);
}

std::string Progress::text(bool bar) const {
  const std::lock_guard lock(mutex_);
  std::string line = stage_ + "  ";
  if (bar && total_ > 0) {
    const size_t filled = std::min<size_t>(20, static_cast<size_t>(done_ * 20 / total_));
    line += "[" + std::string(filled, '#') + std::string(20 - filled, '-') + "]  ";
  }
  line += with_commas(done_) + " of " + with_commas(total_);
  const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  const double rate = seconds > 0 ? static_cast<double>(done_ - before_) / seconds : 0;
  if (rate > 0) {
    line += "  " + with_commas(static_cast<uint64_t>(std::llround(rate))) + "/s";
    if (done_ < total_) line += "  " + human_seconds(static_cast<double>(total_ - done_) / rate) + " left";
  }
  if (rejects_ > 0) line += "  " + counted(rejects_, "reject");
  return line;
}

void Progress::finish() {
  console_.clear_status();
  console_.info(text(false));
}

}  // namespace pomona
