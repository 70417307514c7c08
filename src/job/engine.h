// Where the tasks of a job are done when it is not in this process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/progress.h"

namespace pomona {

// Maps the function of job/tasks.h over task numbers, and nothing else: scheduling, retries and lost machines
// are the engine's; what a task computes, and how it is committed, is the same code for every engine.
class Engine {
 public:
  Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  virtual ~Engine() = default;

  // For the log: "Spark 3.5.6 at spark://host:7077".
  virtual std::string description() const = 0;
  virtual size_t tasks_at_a_time() const = 0;
  virtual size_t threads_per_task() const = 0;
  // Holds the memory that a task needs, beside whatever the engine itself takes, against what it gets: warns,
  // or throws Error where the tasks would be killed.
  virtual void check_memory(uint64_t bytes_per_task, Console& console) const = 0;

  struct Stage {
    std::string title;   // for those who watch: "extract: 16 shards, 15,506 photos"
    std::string order;   // what the tasks have in common: StageOrder as text
    uint64_t tasks = 0;  // 0 to tasks - 1
    Progress& progress;
  };
  // Does every task, wherever, and hands each one's answer to `take`, in any order, one at a time. A task may
  // be done more than once; one answer of it counts. Throws Error where a task fails for good.
  virtual void map(const Stage& stage, const std::function<void(std::string_view answer)>& take) = 0;
};

}  // namespace pomona
