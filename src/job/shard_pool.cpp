#include "job/shard_pool.h"

namespace pomona {

std::optional<PhotoTask> ShardPool::next() {
  for (;;) {
    const uint32_t seen = *news_;
    if (auto task = try_next()) return task;
    if (is_over()) return std::nullopt;
    news_->wait(seen);
  }
}

std::optional<PhotoTask> ShardPool::try_next() {
  const std::lock_guard lock(mutex_);
  if (stopped_ || open_.empty()) return std::nullopt;
  PhotoTask& front = open_.front();
  const std::vector<size_t>& pending = front.shard->pending();
  PhotoTask task{front.shard, pending[front.photo]};
  if (++front.photo == pending.size()) open_.pop_front();
  return task;
}

bool ShardPool::is_over() {
  const std::lock_guard lock(mutex_);
  return stopped_ || (open_.empty() && no_more_);
}

void ShardPool::finish(const PhotoTask& task) {
  if (!task.shard->finish_one()) return;
  {
    const std::lock_guard lock(mutex_);
    finished_.push_back(task.shard);
  }
  announce();
}

void ShardPool::stop(std::exception_ptr error) {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    if (!error_) error_ = std::move(error);
  }
  announce();
}

void ShardPool::announce() {
  ++*news_;
  news_->notify_all();
}

void ShardPool::admit(std::shared_ptr<ShardWork> shard) {
  {
    const std::lock_guard lock(mutex_);
    if (shard->pending().empty()) {
      finished_.push_back(std::move(shard));
    } else {
      open_.push_back({std::move(shard), 0});
    }
  }
  announce();
}

std::shared_ptr<ShardWork> ShardPool::take_finished() {
  for (;;) {
    uint32_t seen = 0;
    {
      const std::lock_guard lock(mutex_);
      if (!finished_.empty()) {
        auto shard = std::move(finished_.front());
        finished_.pop_front();
        return shard;
      }
      if (stopped_) return nullptr;
      seen = *news_;
    }
    news_->wait(seen);
  }
}

void ShardPool::serve_until_done(const Load& load, const Commit& commit) {
  size_t in_memory = 0;
  bool more = true;
  for (;;) {
    while (more && !stopped_ && in_memory < kShardsInMemory) {
      auto shard = load();
      more = shard != nullptr;
      if (!more) break;
      admit(std::move(shard));
      ++in_memory;
    }
    if (in_memory == 0) return;
    const auto shard = take_finished();
    if (!shard) return;
    commit(*shard);
    --in_memory;
  }
}

void ShardPool::serve(const Load& load, const Commit& commit) {
  try {
    serve_until_done(load, commit);
  } catch (...) {
    stop(std::current_exception());
  }
  const std::lock_guard lock(mutex_);
  no_more_ = true;
  announce();
  if (error_) std::rethrow_exception(error_);
}

}  // namespace pomona
