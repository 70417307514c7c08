// Threads: how many there are to use, and a loop over them.
#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>

namespace pomona {

// Cores that this process may use: its affinity mask, and the CPU quota of its cgroup, whichever is less.
size_t available_threads();

// Calls work(index, worker) for every index below `count`, in order of index, on `threads` threads (this one
// among them). Ends early when `stop` is asked for. The first exception ends the loop and is thrown here.
void parallel_for(size_t threads, size_t count, const std::function<void(size_t index, size_t worker)>& work,
                  std::stop_token stop = {});

}  // namespace pomona
