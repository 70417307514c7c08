// A collection that grows, shrinks and changes: the bytes of a fresh run, and only what changed is inferred.
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/hash.h"
#include "job/collection.h"
#include "job/dataset.h"
#include "job/known_rows.h"
#include "job/manifest.h"
#include "table/rejects.h"

namespace pomona {
namespace {

namespace fs = std::filesystem;
using testing::Collection;
using testing::failure_of;
using testing::results;

constexpr uint64_t kPhotos = 18;  // in 4 shards

class Growing : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    whole_ = new Collection;
    whole_->run();
  }
  static void TearDownTestSuite() {
    delete whole_;
    whole_ = nullptr;
  }

  // A finished run in a folder of its own, over a source of its own with the same modification times.
  static inline Collection* whole_ = nullptr;
  testing::Folder folder_;
  std::string source_ = folder_ / "source";
  std::string out_ = folder_ / "out";

  void SetUp() override {
    fs::copy(whole_->out, out_, fs::copy_options::recursive);
    fs::copy(whole_->source, source_, fs::copy_options::recursive);
    for (const std::string& photo : photos()) {
      fs::last_write_time(source_ + "/" + photo, fs::last_write_time(whole_->source + "/" + photo));
    }
  }

  std::vector<std::string> photos() const {
    std::vector<std::string> keys;
    open_storage(source_)->list([&](ObjectInfo&& object) { keys.push_back(object.key); });
    std::ranges::sort(keys);
    return keys;
  }
  // Every photo a second time, in another folder.
  void grow() const {
    for (const std::string& photo : photos()) {
      const std::string target = source_ + "/More " + photo;
      fs::create_directories(fs::path(target).parent_path());
      fs::copy(source_ + "/" + photo, target);
    }
  }
  void shrink(size_t photos_left) const {
    const auto keys = photos();
    for (size_t i = photos_left; i < keys.size(); ++i) fs::remove(source_ + "/" + keys[i]);
  }
  RunSummary run(const std::string& out, const std::stop_token& stop = {}) const {
    Console console(true);
    return pomona::run(source_, out, settings_, console, stop);
  }
  // As a kill right before the first photo would leave it.
  void run_killed_early() const {
    std::stop_source stop;
    stop.request_stop();
    EXPECT_TRUE(failure_of([&] { run(out_, stop.get_token()); }).has_value());
  }
  // Runs, holds the result to a fresh run's, and says how many photos were inferred.
  uint64_t inferred() const {
    const uint64_t extracted = run(out_).extracted;
    fs::remove_all(folder_ / "fresh");
    EXPECT_GT(run(folder_ / "fresh").extracted, 0U);
    EXPECT_EQ(results(out_), results(folder_ / "fresh"));
    EXPECT_FALSE(fs::exists(out_ + "/previous"));
    return extracted;
  }

  JobSettings settings_ = Collection::settings();
};

TEST_F(Growing, AnUnchangedCopyOfTheSourceIsKeptWhole) { EXPECT_EQ(inferred(), 0U); }

TEST_F(Growing, NewChangedAndRemovedPhotosCostWhatChanged) {
  const auto keys = photos();
  fs::remove(source_ + "/" + keys[3]);
  fs::copy(source_ + "/" + keys[4], source_ + "/new.png");
  fs::copy_file(source_ + "/" + keys[5], source_ + "/" + keys[9], fs::copy_options::overwrite_existing);
  std::ofstream(source_ + "/text.jpg") << "no photo";
  EXPECT_EQ(inferred(), 3U);
  EXPECT_EQ(inferred(), 0U);
}

TEST_F(Growing, RejectsAreCopiedToo) {
  std::ofstream(source_ + "/text.jpg") << "no photo";
  EXPECT_EQ(inferred(), 1U);
  const auto keys = photos();
  for (size_t i = 0; i + 1 < keys.size(); ++i) {  // every other photo of every shard
    const std::string photo = source_ + "/" + keys[i];
    if (keys[i] != "text.jpg")
      fs::last_write_time(photo, fs::last_write_time(photo) + std::chrono::seconds(5));
  }
  EXPECT_EQ(inferred(), keys.size() - 1 - (keys.back() == "text.jpg" ? 0 : 1));
}

TEST_F(Growing, TwiceThePhotosAreTwiceTheShards) {
  grow();
  EXPECT_EQ(inferred(), kPhotos);
  EXPECT_TRUE(fs::exists(out_ + "/features/part-00007.parquet"));
}

TEST_F(Growing, FewerPhotosAreFewerShardsAndNoneIsInferred) {
  shrink(4);
  EXPECT_EQ(inferred(), 0U);
  EXPECT_FALSE(fs::exists(out_ + "/features/part-00001.parquet"));
}

TEST_F(Growing, SeveralInterruptedListingsLoseNoRow) {
  grow();
  run_killed_early();  // 8 shards: the rows of 4 are set aside
  const auto keys = photos();
  shrink(6);
  run_killed_early();  // 2 shards
  EXPECT_EQ(inferred(), std::ranges::count_if(photos(), [](auto& key) { return key.starts_with("More"); }));
}

TEST_F(Growing, AKillBetweenRecordAndPartsLosesNoRow) {
  grow();
  run_killed_early();
  for (const char* part : {"features/part-00002.parquet", "shards/00002.parquet"}) {
    fs::rename(out_ + "/previous/00004/" + part, out_ + "/" + part);
  }
  EXPECT_EQ(inferred(), kPhotos);
}

TEST_F(Growing, AnOldPartThatIsNotWhatItsRecordSaysIsNotUsed) {
  grow();
  run_killed_early();
  const std::string part = "previous/00004/features/part-00001.parquet";
  std::string bytes = results(out_).at(part);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  open_storage(out_)->write(part, bytes);
  const uint64_t lost = read_record(*open_storage(out_), "previous/00004/shards/00001.json", 1)->rows;
  EXPECT_GT(lost, 0U);
  EXPECT_EQ(inferred(), kPhotos + lost);
}

TEST_F(Growing, OldRowsOfAnInterruptedListingAreNoDataset) {
  grow();
  run_killed_early();
  Console console(true);
  EXPECT_TRUE(testing::fails(ErrorCode::no_data, "has not been extracted",
                             [&] { run_fit(out_, settings_, console); }));
}

TEST_F(Growing, OtherLabelsNeedNoInference) {
  const auto label = [&](const std::string& name) {
    std::ofstream csv(folder_ / "labels.csv");
    for (const std::string& photo : photos()) csv << photo << "," << name << "\n";
  };
  label("apple");
  settings_.labels = folder_ / "labels.csv";
  fs::remove_all(out_);
  EXPECT_EQ(run(out_).extracted, kPhotos);
  label("pear");
  EXPECT_EQ(inferred(), 0U);
  EXPECT_TRUE(read_run(*open_storage(out_))->at("labels").contains("pear"));
}

class Retrying : public Growing {
 protected:
  // A photo that was gone when it was to be read, and one that is no photo.
  void SetUp() override {
    Growing::SetUp();
    fs::remove_all(out_);
    photo_ = source_ + "/" + photos()[2];
    open_storage(source_)->write("text.jpg", std::string_view("no photo"));
    bytes_ = testing::bytes_of(photo_);
    fs::remove(photo_);
    fs::create_symlink("nowhere", photo_);  // a reject that cannot pass ...
    EXPECT_EQ(run(out_).reasons, (std::map<std::string, uint64_t>{{"not-a-file", 1}, {"not-an-image", 1}}));
    disguise("not-a-file", "vanished");  // ... and one that can
    fs::remove(photo_);
  }
  // Commits other reasons for the rejects of one reason.
  void disguise(const std::string& from, const std::string& to) const {
    const auto dataset = open_storage(out_);
    for (ShardRecord record : read_all_records(*dataset)) {
      const std::string key = dataset::rejects_part(record.shard);
      auto rows = decode_rejects(dataset->read(key), key);
      for (RejectRow& row : rows) {
        if (row.reason == from) row.reason = to;
      }
      const std::string bytes = encode_rejects(rows);
      dataset->write(key, bytes);
      record.rejected = {bytes.size(), sha256_hex(std::string_view(bytes))};
      if (record.reasons.contains(from)) record.reasons[to] = std::exchange(record.reasons[from], 0);
      std::erase_if(record.reasons, [](const auto& reason) { return reason.second == 0; });
      write_record(*dataset, record);
    }
  }
  RunSummary retry(const std::stop_token& stop = {}) const {
    Console console(true);
    JobSettings settings;
    settings.threads = 2;
    return run_retry(out_, "", settings, console, stop);
  }

  std::string photo_;
  std::string bytes_;
};

TEST_F(Retrying, WhatIsStillGoneStaysAReject) {
  const RunSummary summary = retry();
  EXPECT_EQ(summary.extracted, 1U);
  EXPECT_EQ(summary.photos, kPhotos + 1);
  EXPECT_EQ(summary.reasons, (std::map<std::string, uint64_t>{{"vanished", 1}, {"not-an-image", 1}}));
}

TEST_F(Retrying, WhatIsBackBecomesARowAndARunThenHasNothingToDo) {
  std::ofstream(photo_) << bytes_;
  open_storage(source_)->write("new.jpg", std::string_view("not of its business"));
  const RunSummary summary = retry();
  EXPECT_EQ(summary.extracted, 1U);
  EXPECT_EQ(summary.photos, kPhotos + 1);
  EXPECT_EQ(summary.reasons, (std::map<std::string, uint64_t>{{"not-an-image", 1}}));
  fs::remove(source_ + "/new.jpg");
  EXPECT_EQ(inferred(), 0U);
  EXPECT_EQ(retry().extracted, 0U);
}

TEST_F(Retrying, AKilledRetryGoesOn) {
  std::ofstream(photo_) << bytes_;
  std::stop_source stop;
  stop.request_stop();
  EXPECT_TRUE(failure_of([&] { retry(stop.get_token()); }).has_value());
  EXPECT_TRUE(fs::exists(out_ + "/previous"));
  EXPECT_EQ(retry().extracted, 1U);
  EXPECT_EQ(inferred(), 0U);
}

TEST_F(Retrying, AnInterruptedRunIsEndedFirst) {
  grow();
  run_killed_early();
  EXPECT_TRUE(testing::fails(ErrorCode::no_data, "has not ended", [&] { retry(); }));
}

TEST(ShardsWithPhotosOf, AreThoseOfTheSameHash) {
  for (const uint64_t to : {1U, 2U, 8U}) {
    for (const uint64_t from : {1U, 2U, 4U, 16U}) {
      for (uint64_t hash = 0; hash < 64; ++hash) {
        const auto shards = shards_with_photos_of(hash % to, to, from);
        EXPECT_EQ(std::ranges::count(shards, hash % from), 1) << hash << " " << to << " " << from;
        EXPECT_EQ(shards.size(), std::max<uint64_t>(1, from / to));
      }
    }
  }
}

}  // namespace
}  // namespace pomona
