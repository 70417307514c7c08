#include "job/plan.h"

#include <algorithm>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "base/hash.h"
#include "job/labels.h"
#include "job/spill.h"
#include "storage/local.h"
#include "support.h"

namespace pomona {
namespace {

using testing::bytes_of;
using testing::fails;
using testing::Folder;

// A source that lists what it is told, in the order that it is told.
class Listing final : public Storage {
 public:
  explicit Listing(size_t count) {
    for (size_t i = 0; i < count; ++i) {
      objects_.push_back({"class " + std::to_string(i % 7) + "/" + std::to_string(i) + ".jpg", i * 10, "v1"});
    }
  }
  std::vector<ObjectInfo>& objects() { return objects_; }
  const std::string& uri() const override { return uri_; }
  void list(const Visitor& visit, const Storage*) const override {
    for (ObjectInfo object : objects_) visit(std::move(object));
  }
  MaybeReject read_listed(const ObjectInfo&, uint64_t, Buffer&) const override { return std::nullopt; }
  std::string read(const std::string&) const override { return {}; }
  std::optional<ObjectInfo> stat(const std::string&) const override { return std::nullopt; }
  void write(const std::string&, std::span<const std::byte>) override {}
  void remove(const std::string&) override {}
  void remove_below(const std::string&, const KeyFilter&) override {}
  std::shared_ptr<void> lock() override { return nullptr; }

 private:
  std::string uri_ = "listing";
  std::vector<ObjectInfo> objects_;
};

struct Planned {
  Folder folder;
  LocalStorage dataset{folder.path()};
  Plan plan;

  Planned(const Listing& source, const JobSettings& settings) {
    Console console(true);
    plan = make_plan(source, dataset, settings, console);
  }
  std::vector<PlanRow> rows() const {
    std::vector<PlanRow> all;
    for (uint64_t shard = 0; shard < plan.shards.size(); ++shard) {
      const auto rows = read_shard_plan(dataset, plan, shard);
      EXPECT_EQ(rows.size(), plan.shards[shard].photos);
      EXPECT_TRUE(std::ranges::is_sorted(rows, {}, &PlanRow::key));
      all.insert(all.end(), rows.begin(), rows.end());
    }
    return all;
  }
  std::vector<std::string> parts() const {
    std::vector<std::string> bytes;
    for (uint64_t part = 0; part < plan.parts; ++part) {
      char name[32];
      std::snprintf(name, sizeof name, "plan/part-%05d.parquet", static_cast<int>(part));
      bytes.push_back(bytes_of(folder / name));
    }
    return bytes;
  }
};

JobSettings settings_of(uint64_t shard_size, uint64_t limit = 0) {
  JobSettings settings;
  settings.shard_size = shard_size;
  settings.limit = limit;
  return settings;
}

TEST(ShardCount, IsTheSmallestPowerOfTwoThatIsEnough) {
  for (const uint64_t size : {1, 3, 1024}) {
    for (const uint64_t photos : {0, 1, 2, 5, 1023, 1024, 1025, 2048, 2049, 1'000'000}) {
      uint64_t expected = 1;
      while (expected * size < photos) expected *= 2;
      EXPECT_EQ(shard_count(photos, size), expected) << photos << " " << size;
    }
  }
}

TEST(Plan, HoldsEveryPhotoOnceInTheShardOfItsHash) {
  for (const uint64_t shard_size :
       {1000, 100, 3}) {  // one shard, fewer than plan parts, more than plan parts
    const Listing source(500);
    const Planned planned(source, settings_of(shard_size));
    std::set<std::string> keys;
    for (const PlanRow& row : planned.rows()) {
      EXPECT_EQ(row.shard, path_hash(row.key) % planned.plan.shards.size());
      EXPECT_EQ(row.label, std::string(parent_folder(row.key)));
      keys.insert(row.key);
    }
    EXPECT_EQ(keys.size(), 500U);
    EXPECT_EQ(planned.plan.photos, 500U);
    EXPECT_EQ(planned.plan.bytes, 10U * (499 * 500 / 2));
  }
}

TEST(Plan, DoesNotDependOnTheOrderOfTheListing) {
  Listing source(300);
  const Planned first(source, settings_of(20));
  std::shuffle(source.objects().begin(), source.objects().end(), std::mt19937(3));
  const Planned second(source, settings_of(20));
  EXPECT_EQ(first.parts(), second.parts());
  for (size_t shard = 0; shard < first.plan.shards.size(); ++shard) {
    EXPECT_EQ(first.plan.shards[shard].listing_sha256, second.plan.shards[shard].listing_sha256);
  }
}

TEST(Plan, AChangeShowsInItsShardAlone) {
  for (const auto& change : std::vector<std::function<void(ObjectInfo&)>>{
           [](ObjectInfo& object) { ++object.size; }, [](ObjectInfo& object) { object.version = "v2"; }}) {
    Listing source(300);
    const Planned before(source, settings_of(20));
    change(source.objects()[17]);
    const Planned after(source, settings_of(20));
    for (size_t shard = 0; shard < before.plan.shards.size(); ++shard) {
      const bool same = before.plan.shards[shard].listing_sha256 == after.plan.shards[shard].listing_sha256;
      EXPECT_EQ(same, shard != path_hash(source.objects()[17].key) % before.plan.shards.size());
    }
  }
}

TEST(Plan, ALimitTakesAFixedSample) {
  const Listing source(300);
  const auto keys = [&](uint64_t limit) {
    std::set<std::string> found;
    for (const PlanRow& row : Planned(source, settings_of(20, limit)).rows()) found.insert(row.key);
    return found;
  };
  const auto twenty = keys(20);
  const auto fifty = keys(50);
  EXPECT_EQ(twenty.size(), 20U);
  EXPECT_EQ(fifty.size(), 50U);
  EXPECT_TRUE(std::ranges::includes(fifty, twenty));
  EXPECT_EQ(keys(1).size(), 1U);
  EXPECT_EQ(keys(299).size(), 299U);
  EXPECT_EQ(keys(300).size(), 300U);
  EXPECT_EQ(keys(1'000'000), keys(300));
}

TEST(Plan, ASourceWithoutPhotosIsAnError) {
  EXPECT_TRUE(fails(ErrorCode::no_data, "no photo", [] { Planned(Listing(0), settings_of(10)); }));
}

TEST(Plan, IsStoppedWhileListing) {
  const Listing source(5000);
  const Folder folder;
  LocalStorage dataset(folder.path());
  Console console(true);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_TRUE(fails(ErrorCode::interrupted, "nothing is lost",
                    [&] { make_plan(source, dataset, settings_of(10), console, stop.get_token()); }));
}

TEST(Labels, ComeFromFolderFileOrNowhere) {
  EXPECT_EQ(Labels("folder").of("a/b/c.jpg"), "b");
  EXPECT_EQ(Labels("folder").of("c.jpg"), "");
  EXPECT_EQ(Labels("folder").of("p\xE9/c.jpg"), "p\\xE9");
  EXPECT_EQ(Labels("none").of("a/b/c.jpg"), "");
  const Folder folder;
  const Labels file(folder.put("labels.csv", "path,label\na/b/c.jpg,pear\n"));
  EXPECT_EQ(file.of("a/b/c.jpg"), "pear");
  EXPECT_EQ(file.of("a/b/d.jpg"), "");
}

// Records of many lengths, into more memory than there is and into less: the same comes back.
TEST(SpillBuckets, GiveBackTheSameInMemoryAndOnDisk) {
  const Folder folder;
  SpillBuckets in_memory(8, 1 << 20, folder.path());
  SpillBuckets on_disk(8, 100, folder.path());
  SpillBuckets at_once(8, 0, folder.path());
  std::vector<std::string> expected(8);
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    const size_t bucket = random() % 7;  // the last one stays empty
    const std::string record(random() % 50, static_cast<char>('a' + i % 26));
    for (SpillBuckets* buckets : {&in_memory, &on_disk, &at_once}) buckets->append(bucket, record);
    expected[bucket] += record;
  }
  for (size_t bucket = 0; bucket < 8; ++bucket) {
    EXPECT_EQ(in_memory.take(bucket), expected[bucket]);
    EXPECT_EQ(on_disk.take(bucket), expected[bucket]);
    EXPECT_EQ(at_once.take(bucket), expected[bucket]);
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));  // the files have no names
}

TEST(SpillBuckets, SayWhereTheyCannotWrite) {
  SpillBuckets buckets(2, 0, "/no/such/folder");
  EXPECT_TRUE(fails(ErrorCode::not_found, "/no/such/folder", [&] { buckets.append(0, "x"); }));
}

}  // namespace
}  // namespace pomona
