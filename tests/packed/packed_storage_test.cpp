#include "packed/packed_storage.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "base/hash.h"
#include "packed/open_source.h"
#include "packed/tar_writer.h"
#include "storage/local.h"
#include "support.h"

namespace pomona {
namespace {

using testing::fails;
using testing::Folder;

// One bucket with photos "a", "b/c" and one that could not be packed.
struct Packed {
  Folder folder;
  std::vector<PackedRow> rows;
  BucketRecord record;

  Packed() {
    TarWriter tar;
    for (const std::string key : {"a", "b/c"}) {
      const std::string text = "bytes of " + key;
      const auto bytes = std::as_bytes(std::span(text));
      rows.push_back({key, text.size(), "v1", 0, tar.append(key, bytes), sha256_hex(bytes), "", ""});
    }
    rows.push_back({"pipe", 0, "", 0, 0, "", "not-a-file", "Not a regular file."});
    std::ranges::sort(rows, {}, [](const PackedRow& row) { return pack_order(row.key); });
    const std::string whole = tar.finish();
    folder.put(tar_name(0, 0), whole);
    record = {0, 3, 2, 1, {{"not-a-file", 1}}, "", {}, {{whole.size(), sha256_hex(std::string_view(whole))}}};
  }

  // Writes index and manifest, with hashes that fit: an attacker can do that too.
  std::unique_ptr<Storage> open() {
    const std::string index = encode_packed(rows, 0);
    folder.put(index_part(0), index);
    record.index = {index.size(), sha256_hex(std::string_view(index))};
    write_manifest(*open_storage(folder.path()), {true, 1, {record}});
    return open_source(folder.path());
  }
  PackedRow& row(const std::string& key) { return *std::ranges::find(rows, key, &PackedRow::key); }
};

TEST(PackedStorage, ListsAndReadsThePhotosAsIfTheyWereLoose) {
  Packed packed;
  const auto source = packed.open();
  std::map<std::string, ObjectInfo> objects;
  source->list([&](ObjectInfo&& object) { objects[object.key] = object; });
  ASSERT_EQ(objects.size(), 3U);
  Buffer out;
  ASSERT_FALSE(source->read_listed(objects.at("b/c"), 100, out));
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(out.data()), out.size()), "bytes of b/c");
  EXPECT_EQ(source->read("a"), "bytes of a");
  ASSERT_FALSE(source->read_range("a", 9, 1, out));
  EXPECT_EQ(static_cast<char>(out.data()[0]), 'a');
  EXPECT_EQ(source->read_range("a", 9, 2, out)->reason, Reason::changed);
  EXPECT_EQ(source->read_listed(objects.at("a"), 5, out)->reason, Reason::too_many_bytes);
  EXPECT_EQ(source->read_listed(objects.at("pipe"), 100, out)->detail, "Not a regular file.");
  EXPECT_EQ(source->read_listed({"a", 10, "v2"}, 100, out)->reason, Reason::changed);
  EXPECT_EQ(source->read_listed({"none", 10, "v1"}, 100, out)->reason, Reason::vanished);
  EXPECT_EQ(source->stat("a")->version, "v1");
  EXPECT_FALSE(source->stat("none"));
}

// As a store that has no files on this machine.
class Remote final : public LocalStorage {
 public:
  using LocalStorage::LocalStorage;
  std::optional<std::string> local_folder() const override { return std::nullopt; }
};

TEST(PackedStorage, ReadsTarsThatAreNoFilesInBlocks) {
  Packed packed;
  packed.open();
  auto store = std::make_unique<Remote>(packed.folder.path());
  const auto manifest = read_manifest(*store);
  const PackedStorage source(std::move(store), *manifest);
  for (const std::string key : {"a", "b/c", "a"}) EXPECT_EQ(source.read(key), "bytes of " + key);
  Buffer out;
  std::filesystem::resize_file(packed.folder / tar_name(0, 0), 600);
  const PackedStorage cut(std::make_unique<Remote>(packed.folder.path()), *manifest);
  EXPECT_TRUE(cut.read_listed({"b/c", 12, "v1"}, 99, out).has_value());
}

TEST(PackedStorage, IsReadOnly) {
  Packed packed;
  const auto source = packed.open();
  EXPECT_TRUE(fails(ErrorCode::usage, "pomona pack", [&] { source->write("a", std::string_view("x")); }));
  EXPECT_TRUE(fails(ErrorCode::usage, "pomona pack", [&] { source->remove("a"); }));
  EXPECT_TRUE(fails(ErrorCode::usage, "pomona pack", [&] { source->lock(); }));
}

TEST(PackedStorage, RefusesWhatLiesOutsideItsTar) {
  for (const auto& [offset, size] : std::vector<std::pair<uint64_t, uint64_t>>{
           {0, 1}, {512, 1'000'000}, {1'000'000, 1}, {~uint64_t{0} >> 1U, 10}, {512, ~uint64_t{0} >> 1U}}) {
    Packed packed;
    packed.row("a").offset = offset;
    packed.row("a").size = size;
    const auto source = packed.open();
    EXPECT_TRUE(fails(ErrorCode::corrupt, "outside photos-00000.tar", [&] { source->list([](auto&&) {}); }));
    Buffer out;
    EXPECT_TRUE(
        fails(ErrorCode::corrupt, "outside", [&] { source->read_listed({"b/c", 12, "v1"}, 99, out); }));
  }
  Packed packed;
  packed.row("a").piece = 1;  // a tar that there is not
  EXPECT_TRUE(fails(ErrorCode::corrupt, "outside", [&] { packed.open()->list([](auto&&) {}); }));
}

TEST(PackedStorage, RefusesAnIndexThatContradictsItself) {
  Packed unsorted;
  std::ranges::reverse(unsorted.rows);
  EXPECT_TRUE(fails(ErrorCode::corrupt, "does not belong", [&] { unsorted.open()->list([](auto&&) {}); }));
  Packed fewer;
  fewer.record.photos = 4;
  fewer.record.packed = 3;
  EXPECT_TRUE(fails(ErrorCode::corrupt, "all its photos", [&] { fewer.open()->list([](auto&&) {}); }));
  Packed odd;
  odd.record.rejects = 7;
  EXPECT_TRUE(fails(ErrorCode::corrupt, "pack.json", [&] { odd.open(); }));
}

TEST(PackedStorage, BytesThatWereNotPackedAreNotGiven) {
  Packed packed;
  packed.row("a").sha256 = std::string(64, '0');
  Buffer out;
  EXPECT_EQ(packed.open()->read_listed({"a", 10, "v1"}, 99, out)->reason, Reason::changed);
}

TEST(PackOrder, KeepsThePhotosOfAShardTogetherWhateverTheShards) {
  std::vector<std::string> keys;
  for (int i = 0; i < 500; ++i) keys.push_back("photo-" + std::to_string(i));
  std::ranges::sort(keys, {}, pack_order);
  for (const uint64_t shards : {2U, 8U, 64U}) {
    std::set<uint64_t> seen;
    uint64_t last = ~uint64_t{0};
    for (const std::string& key : keys) {
      const uint64_t shard = path_hash(key) % shards;
      EXPECT_TRUE(shard == last || seen.insert(shard).second) << shard << " of " << shards << " is torn";
      last = shard;
    }
  }
}

TEST(OpenSource, TakesALooseFolderAsItIs) {
  const Folder folder;
  folder.put("a.jpg", "x");
  EXPECT_TRUE(open_source(folder.path())->stat("a.jpg"));
  write_manifest(*open_storage(folder.path()), {false, 4, {}});
  EXPECT_TRUE(fails(ErrorCode::no_data, "packing has not ended", [&] { open_source(folder.path()); }));
}

}  // namespace
}  // namespace pomona
