#include "stats/merge_tree.h"

#include <bit>
#include <string>

#include "base/error.h"

namespace pomona {
namespace {

// Levels below wait in memory: half of all nodes are leaves, and a quarter wait for a second leaf only.
constexpr unsigned kFirstStoredLevel = 2;

std::optional<Moments> merged(std::optional<Moments> left, std::optional<Moments> right) {
  if (!left) return right;
  if (right) left->merge(*right);
  return left;
}

}  // namespace

MergeTree::MergeTree(uint64_t leaves, MomentsStore* store)
    : root_level_(static_cast<unsigned>(std::countr_zero(leaves))), store_(store) {
  if (!std::has_single_bit(leaves)) {
    throw Error(ErrorCode::usage, "merge tree", "",
                std::to_string(leaves) + " leaves are not a power of two");
  }
}

MergeTree::Waiting MergeTree::kept(unsigned level, std::optional<Moments> moments) const {
  if (!store_ || !moments || level < kFirstStoredLevel || level == root_level_) return moments;
  return store_->put(*moments);
}

std::optional<Moments> MergeTree::fetched(Waiting waiting) const {
  if (const auto* place = std::get_if<MomentsStore::Place>(&waiting)) return store_->take(*place);
  return std::get<std::optional<Moments>>(std::move(waiting));
}

void MergeTree::add(Node node, std::optional<Moments> moments) {
  if (node.level > root_level_ || node.index >> (root_level_ - node.level) != 0) {
    throw Error(
        ErrorCode::usage, "merge tree", "",
        "node " + std::to_string(node.index) + " of level " + std::to_string(node.level) + " is outside");
  }
  if (moments && moments->count() == 0) moments.reset();
  for (;;) {
    std::unique_lock lock(mutex_);
    const Key sibling{node.level, node.index ^ 1U};
    const auto found = nodes_.find(sibling);
    if (node.level == root_level_ || found == nodes_.end()) {
      const Key key{node.level, node.index};
      if (nodes_.contains(key)) {
        throw Error(
            ErrorCode::usage, "merge tree", "",
            "node " + std::to_string(node.index) + " of level " + std::to_string(node.level) + " came twice");
      }
      nodes_.emplace(key, kept(node.level, std::move(moments)));
      return;
    }
    Waiting waiting = std::move(nodes_.extract(found).mapped());
    // Merging takes a millisecond, fetching some more: other threads go on meanwhile.
    lock.unlock();
    auto other = fetched(std::move(waiting));
    if (node.index % 2 != 0) std::swap(moments, other);  // left before right
    moments = merged(std::move(moments), std::move(other));
    node = {node.level + 1, node.index / 2};
  }
}

bool MergeTree::complete() const {
  const std::lock_guard lock(mutex_);
  return nodes_.contains({root_level_, 0});
}

size_t MergeTree::waiting() const {
  const std::lock_guard lock(mutex_);
  return nodes_.size();
}

std::optional<Moments> MergeTree::take() {
  const std::lock_guard lock(mutex_);
  const auto root = nodes_.find({root_level_, 0});
  if (root == nodes_.end()) throw Error(ErrorCode::internal, "merge tree", "", "not all leaves have come");
  return fetched(std::move(nodes_.extract(root).mapped()));
}

}  // namespace pomona
