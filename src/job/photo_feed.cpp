#include "job/photo_feed.h"

#include <algorithm>

namespace pomona {
namespace {

const PlanRow& row_of(const FedPhoto& photo) { return photo.task.shard->photos()[photo.task.photo]; }

}  // namespace

std::optional<FedPhoto> PhotoFeed::next() {
  if (limits_.reads == 0) {
    auto task = pool_.next();
    return task ? std::optional(FedPhoto{std::move(*task), nullptr}) : std::nullopt;
  }
  for (;;) {
    const uint32_t seen = *pool_.news();
    {
      const std::lock_guard lock(mutex_);
      if (pool_.is_stopped()) return std::nullopt;
      top_up();
      if (auto photo = take_ready()) return photo;
      if (ahead_.empty() && pool_.is_over()) return std::nullopt;
    }
    pool_.news()->wait(seen);
  }
}

void PhotoFeed::top_up() {
  while (ahead_.size() < limits_.reads && (ahead_.empty() || bytes_ < limits_.bytes)) {
    auto task = pool_.try_next();
    if (!task) return;
    FedPhoto photo{std::move(*task), nullptr};
    const PlanRow& row = row_of(photo);
    bytes_ += row.size;
    // The reads may outlive this object: they hold what they count up.
    photo.read = source_.start_read({row.key, row.size, row.version}, max_bytes_, [news = pool_.news()] {
      ++*news;
      news->notify_all();
    });
    ahead_.push_back(std::move(photo));
  }
}

std::optional<FedPhoto> PhotoFeed::take_ready() {
  const auto found =
      std::ranges::find_if(ahead_, [](const FedPhoto& photo) { return photo.read->is_ready(); });
  if (found == ahead_.end()) return std::nullopt;
  FedPhoto photo = std::move(*found);
  ahead_.erase(found);
  bytes_ -= row_of(photo).size;
  return photo;
}

}  // namespace pomona
