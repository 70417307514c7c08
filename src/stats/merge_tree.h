// Moments of shards merged along a fixed binary tree, so that every engine adds in the same order.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <variant>

#include "stats/moments.h"

namespace pomona {

// Somewhere else than memory for moments to wait. Those of one tree have one dimension.
class MomentsStore {
 public:
  struct Place {
    uint64_t offset = 0;
    uint64_t bytes = 0;
  };

  virtual ~MomentsStore() = default;
  // From any thread. What put() took is taken once.
  virtual Place put(const Moments& moments) = 0;
  virtual Moments take(const Place& place) = 0;
};

// Level 0 holds the leaves (the shards); node (l, i) covers leaves [i * 2^l, (i + 1) * 2^l).
//
//   level 2          0
//   level 1      0       1
//   level 0    0   1   2   3
//
// Nodes may arrive in any order and from several threads; siblings are merged, left before right, as soon as
// both are there. So the result has the same bits for any order of arrival, and while leaves come roughly in
// order only about log2(leaves) + threads of them wait; with a store, those of the lowest levels in memory
// and the others there.
class MergeTree {
 public:
  struct Node {
    unsigned level;
    uint64_t index;
  };

  // `leaves` is a power of two. Throws Error: usage. A store must outlive the tree.
  explicit MergeTree(uint64_t leaves, MomentsStore* store = nullptr);

  // The moments of a leaf, or of a whole subtree merged elsewhere; nothing (or moments of no vectors) where
  // it is empty. Throws Error: usage for a node outside the tree, or one that has come before.
  void add(Node node, std::optional<Moments> moments);
  void add(uint64_t leaf, std::optional<Moments> moments) { add(Node{0, leaf}, std::move(moments)); }

  bool complete() const;
  // Nodes that wait for their sibling.
  size_t waiting() const;
  // The whole tree's moments; nothing where every leaf was empty. Throws Error: internal where leaves are
  // missing.
  std::optional<Moments> take();

 private:
  using Key = std::pair<unsigned, uint64_t>;
  // Nothing where all leaves below are empty.
  using Waiting = std::variant<std::optional<Moments>, MomentsStore::Place>;

  Waiting kept(unsigned level, std::optional<Moments> moments) const;
  std::optional<Moments> fetched(Waiting waiting) const;

  unsigned root_level_;
  MomentsStore* store_;
  mutable std::mutex mutex_;
  std::map<Key, Waiting> nodes_;
};

}  // namespace pomona
