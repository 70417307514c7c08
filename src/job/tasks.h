// The worker's side of a job that an engine spreads over machines: one task of one stage.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace pomona {

// Holds what the tasks of a stage share (the compiled network, the projection): one for a process and stage,
// kept from task to task. Not thread-safe; a task uses the threads that its order says.
class TaskRunner {
 public:
  // `order` is the text of a StageOrder. Throws Error: mismatch where the driver has another version of
  // Pomona; not_found where this machine does not see the job's OUT or SOURCE.
  explicit TaskRunner(const std::string& order);
  ~TaskRunner();

  // Does the task at `position` of the order. The answer is JSON; what is in it, besides counts for those who
  // watch ("photos", "rejects", "bytes", "seconds"), is the business of job/distributed.cpp.
  std::string run(uint64_t position);

  struct Work;

 private:
  std::unique_ptr<Work> work_;
};

}  // namespace pomona
