#include "base/threads.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <fstream>
#include <limits>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <sched.h>

namespace pomona {
namespace {

size_t affinity_threads() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return std::max(1U, std::thread::hardware_concurrency());
  return static_cast<size_t>(CPU_COUNT(&set));
}

size_t rounded_up(double quota, double period) {
  if (!(quota > 0) || !(period > 0)) return std::numeric_limits<size_t>::max();
  return static_cast<size_t>(std::max(1.0, std::ceil(quota / period)));
}

// cgroup v2 says "max 100000" or "150000 100000" in cpu.max; v1 has two files.
size_t quota_threads() {
  std::string quota;
  double period = 0;
  if (std::ifstream v2("/sys/fs/cgroup/cpu.max"); v2 >> quota >> period) {
    return quota == "max" ? std::numeric_limits<size_t>::max()
                          : rounded_up(std::strtod(quota.c_str(), nullptr), period);
  }
  double quota_us = 0;
  std::ifstream v1_quota("/sys/fs/cgroup/cpu/cpu.cfs_quota_us");
  std::ifstream v1_period("/sys/fs/cgroup/cpu/cpu.cfs_period_us");
  if (v1_quota >> quota_us && v1_period >> period) return rounded_up(quota_us, period);
  return std::numeric_limits<size_t>::max();
}

}  // namespace

size_t available_threads() { return std::max<size_t>(1, std::min(affinity_threads(), quota_threads())); }

void parallel_for(size_t threads, size_t count, const std::function<void(size_t, size_t)>& work,
                  std::stop_token stop) {
  std::atomic<size_t> next = 0;
  std::atomic<bool> failed = false;
  std::exception_ptr failure;
  std::mutex mutex;
  auto loop = [&](size_t worker) {
    while (!failed && !stop.stop_requested()) {
      const size_t index = next.fetch_add(1);
      if (index >= count) return;
      try {
        work(index, worker);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!failure) failure = std::current_exception();
        failed = true;
      }
    }
  };
  {
    std::vector<std::jthread> others;
    const size_t workers = std::min(threads, count);
    for (size_t worker = 1; worker < workers; ++worker) others.emplace_back(loop, worker);
    loop(0);
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace pomona
