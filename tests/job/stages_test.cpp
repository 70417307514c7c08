// The stages on a small collection: what is done again, what is refused, what survives.
#include <filesystem>

#include <gtest/gtest.h>

#include "job/collection.h"
#include "job/manifest.h"
#include "job/plan.h"
#include "table/features.h"

namespace pomona {
namespace {

namespace fs = std::filesystem;
using testing::Collection;
using testing::fails;
using testing::failure_of;
using testing::Folder;
using testing::results;

class Job : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    whole_ = new Collection;
    summary_ = whole_->run();
  }
  static void TearDownTestSuite() {
    delete whole_;
    whole_ = nullptr;
  }

  // The finished run, and a copy of its folder to damage.
  static inline Collection* whole_ = nullptr;
  static inline RunSummary summary_;
  Folder folder_;
  std::string out_ = folder_ / "out";

  void SetUp() override { fs::copy(whole_->out, out_, fs::copy_options::recursive); }
  RunSummary again(const JobSettings& settings = Collection::settings()) const {
    Console console(true);
    return run(whole_->source, out_, settings, console, {});
  }
  uint64_t photos_of(uint64_t shard) const { return read_record(*open_storage(out_), shard).value().photos; }
};

TEST_F(Job, AccountsForEveryPhoto) {
  EXPECT_EQ(summary_.photos, 18U);
  EXPECT_EQ(summary_.rows, 18U);
  EXPECT_EQ(summary_.rejects, 0U);
  EXPECT_EQ(summary_.extracted, 18U);
  EXPECT_EQ(summary_.components, 4U);
  EXPECT_EQ(read_all_records(*open_storage(out_)).size(), 4U);
  EXPECT_EQ(read_run(*open_storage(out_))->at("labels").size(), 3U);
}

TEST_F(Job, DoneAgainDoesNothing) {
  const auto before = results(out_);
  EXPECT_EQ(again().extracted, 0U);
  EXPECT_EQ(results(out_), before);
}

TEST_F(Job, DoesAMissingOrDamagedRecordAgainAndNoMore) {
  const auto before = results(out_);
  const uint64_t photos = photos_of(2);
  for (const std::string& text : {std::string(), std::string("{"), std::string("{}"),
                                  before.at("shards/00001.json"), std::string("[1]")}) {
    const std::string record = out_ + "/shards/00002.json";
    if (text.empty()) {
      fs::remove(record);
    } else {
      open_storage(out_)->write("shards/00002.json", text);
    }
    EXPECT_EQ(again().extracted, photos) << text;
    EXPECT_EQ(results(out_), before);
  }
}

TEST_F(Job, DoesAMissingOrShortPartAgain) {
  const auto before = results(out_);
  fs::remove(out_ + "/features/part-00001.parquet");
  EXPECT_EQ(again().extracted, photos_of(1));
  fs::resize_file(out_ + "/rejects/part-00003.parquet", 10);
  EXPECT_EQ(again().extracted, 0U);  // it had no rejects, and its features stand
  EXPECT_EQ(results(out_), before);
}

TEST_F(Job, ACrashBetweenPartsAndRecordCostsThatShard) {
  const auto before = results(out_);
  const uint64_t photos = photos_of(0);
  fs::remove(out_ + "/shards/00000.json");
  fs::remove(out_ + "/run.json");
  fs::remove_all(out_ + "/reduced");
  fs::remove_all(out_ + "/bundle");
  open_storage(out_)->write("features/part-00000.parquet", std::string("a part of another time"));
  EXPECT_EQ(again().extracted, photos);
  EXPECT_EQ(results(out_), before);
}

TEST_F(Job, AChangedPartOfTheSameSizeIsFoundByItsHash) {
  std::string part = results(out_).at("features/part-00001.parquet");
  part[part.size() / 2] = static_cast<char>(part[part.size() / 2] ^ 1);
  open_storage(out_)->write("features/part-00001.parquet", part);
  Console console(true);
  EXPECT_TRUE(fails(ErrorCode::corrupt, "features/part-00001.parquet",
                    [&] { run_fit(out_, Collection::settings(), console); }));
}

TEST_F(Job, OtherSettingsAreRefusedByName) {
  const auto before = results(out_);
  const auto refused = [&](const std::string& flag, auto change) {
    JobSettings settings = Collection::settings();
    change(settings);
    return fails(ErrorCode::mismatch, flag, [&] { again(settings); });
  };
  EXPECT_TRUE(refused("--size: 32 there, 48 now", [](JobSettings& s) { s.network.size = 48; }));
  EXPECT_TRUE(refused("--shard-size: 5 there, 6 now", [](JobSettings& s) { s.shard_size = 6; }));
  EXPECT_TRUE(refused("--labels: folder there, none now", [](JobSettings& s) { s.labels = "none"; }));
  EXPECT_TRUE(refused("--limit: 0 there, 3 now", [](JobSettings& s) { s.limit = 3; }));
  EXPECT_TRUE(refused("--max-bytes", [](JobSettings& s) { s.decode.max_bytes = 1000; }));
  EXPECT_TRUE(refused("--components: 4 there, 3 now", [](JobSettings& s) { s.components = uint64_t{3}; }));
  EXPECT_TRUE(refused("--whiten: false there, true now", [](JobSettings& s) { s.whiten = true; }));
  EXPECT_EQ(results(out_), before);
  JobSettings harmless = Collection::settings();
  harmless.threads = 1;
  harmless.max_rejects = uint64_t{0};
  EXPECT_EQ(again(harmless).extracted, 0U);
}

TEST_F(Job, OverwriteStartsAnewAndKeepsWhatIsNotOurs) {
  open_storage(out_)->write("notes.txt", std::string("mine"));
  JobSettings settings = Collection::settings();
  settings.limit = 5;
  settings.overwrite = true;
  EXPECT_EQ(again(settings).extracted, 5U);
  const auto files = results(out_);
  EXPECT_TRUE(files.contains("notes.txt"));
  EXPECT_FALSE(files.contains("features/part-00003.parquet"));
}

TEST_F(Job, OverwriteLosesNothingWhereTheNewRunCannotBegin) {
  const auto before = results(out_);
  JobSettings settings = Collection::settings();
  settings.overwrite = true;
  Console console(true);
  EXPECT_TRUE(
      fails(ErrorCode::not_found, "typo", [&] { run(folder_ / "typo", out_, settings, console, {}); }));
  settings.network.network = "no-such-network";
  EXPECT_TRUE(failure_of([&] { again(settings); }).has_value());
  EXPECT_EQ(results(out_), before);
}

TEST_F(Job, ASourceIsNotItsOwnResult) {
  Console console(true);
  JobSettings settings = Collection::settings();
  settings.overwrite = true;
  const Folder photos;
  photos.put("features/1.jpg", "a photo in a folder that a dataset has too");
  for (const std::string& out : {photos.path(), photos.path() + "/features/.."}) {
    EXPECT_TRUE(fails(ErrorCode::usage, "folder of the photos",
                      [&] { run(photos.path(), out, settings, console, {}); }));
  }
  EXPECT_TRUE(fs::exists(photos / "features/1.jpg"));
  EXPECT_FALSE(fs::exists(photos / ".pomona-lock"));
  fs::create_directories(photos / "shards");  // no dataset: --overwrite has nothing to remove here
  photos.put("shards/mine.txt", "x");
  EXPECT_TRUE(failure_of([&] {
                run(whole_->source + "/missing", photos.path(), settings, console, {});
              }).has_value());
  EXPECT_TRUE(fs::exists(photos / "shards/mine.txt"));
}

TEST_F(Job, AStageWithoutTheOneBeforeSaysWhichIsMissing) {
  Console console(true);
  const JobSettings settings = Collection::settings();
  EXPECT_TRUE(
      fails(ErrorCode::not_found, "no dataset", [&] { run_fit(folder_ / "none", settings, console); }));
  EXPECT_FALSE(fs::exists(folder_ / "none"));
  fs::remove_all(out_ + "/bundle");
  EXPECT_TRUE(fails(ErrorCode::no_data, "pomona fit", [&] { run_reduce(out_, settings, console); }));
  EXPECT_TRUE(fails(ErrorCode::no_data, "extract", [&] { run_fit(out_, settings, console); }));
  fs::remove(out_ + "/shards/00001.json");
  EXPECT_TRUE(
      fails(ErrorCode::no_data, "shard 1 has not been extracted", [&] { run_fit(out_, settings, console); }));
  open_storage(out_)->write("plan/settings.json", std::string(R"({"extract": 7})"));
  EXPECT_TRUE(fails(ErrorCode::corrupt, "settings.json", [&] { run_fit(out_, settings, console); }));
}

TEST_F(Job, StagesOneByOneGiveTheSameAsTheRun) {
  const std::string out = folder_ / "stages";
  Console console(true);
  const JobSettings settings = Collection::settings();
  run_extract(whole_->source, out, settings, console, {});
  EXPECT_TRUE(fails(ErrorCode::no_data, "not been fitted", [&] { run_reduce(out, settings, console); }));
  run_fit(out, settings, console);
  EXPECT_EQ(run_reduce(out, settings, console).components, 4U);
  EXPECT_EQ(results(out), results(whole_->out));
  const auto [ours, theirs] = std::pair(*read_run(*open_storage(out)), *read_run(*open_storage(whole_->out)));
  for (const char* name : {"source", "labels", "settings", "reduced", "photos"})
    EXPECT_EQ(ours[name], theirs[name]);
}

TEST_F(Job, AnotherFitTakesTheReducedVectorsOfTheOlderOneAway) {
  Console console(true);
  JobSettings settings = Collection::settings();
  settings.components = uint64_t{2};
  run_fit(out_, settings, console);
  EXPECT_FALSE(fs::exists(out_ + "/run.json"));
  EXPECT_FALSE(fs::exists(out_ + "/reduced/part-00000.parquet"));
  EXPECT_EQ(run_reduce(out_, settings, console).components, 2U);
}

TEST_F(Job, AStopIsHeardInEveryStage) {
  std::stop_source stop;
  stop.request_stop();
  Console console(true);
  const JobSettings settings = Collection::settings();
  const auto stopped = [](const auto& act) {
    return fails(ErrorCode::interrupted, "give the same command again", act);
  };
  const std::string out = folder_ / "new";
  EXPECT_TRUE(stopped([&] { run(whole_->source, out, settings, console, stop.get_token()); }));
  EXPECT_TRUE(stopped([&] { run_fit(out_, settings, console, stop.get_token()); }));
  EXPECT_EQ(again().extracted, 0U);
  EXPECT_TRUE(stopped([&] { run_reduce(out_, settings, console, stop.get_token()); }));
  EXPECT_EQ(again().extracted, 0U);
  EXPECT_EQ(results(out_), results(whole_->out));
}

TEST_F(Job, AChangedSourceDoesJustItsPhotosAgain) {
  Collection own;
  own.run();
  Plan plan;
  plan.parts = 4;
  plan.shards.assign(4, {1, ""});
  const std::string photo = own.source + "/" + read_shard_plan(*open_storage(own.out), plan, 1).front().key;
  fs::last_write_time(photo, fs::last_write_time(photo) + std::chrono::seconds(5));
  const auto before = results(own.out);
  const RunSummary summary = own.run();
  EXPECT_EQ(summary.extracted, 1U);
  EXPECT_EQ(results(own.out).at("features/part-00001.parquet"), before.at("features/part-00001.parquet"));
  fs::remove(photo);
  own.folder.put("source/Apple Red/text.jpg", "no photo");
  const RunSummary after = own.run();
  EXPECT_EQ(after.photos, 18U);
  EXPECT_EQ(after.rejects, 1U);
  EXPECT_EQ(after.reasons, (std::map<std::string, uint64_t>{{"not-an-image", 1}}));
  Collection fresh;  // the same source from the start gives the same features
  fs::remove_all(fresh.source);
  fs::copy(own.source, fresh.source, fs::copy_options::recursive);
  EXPECT_EQ(fresh.run().rows, 17U);
  for (const auto& [name, bytes] : results(fresh.out)) {
    if (name.starts_with("plan/") || name.starts_with("shards/")) continue;  // they hold modification times
    EXPECT_EQ(results(own.out).at(name), bytes) << name;
  }
}

TEST_F(Job, AnInterruptedRunOverAChangedSourceLeavesNothingToMix) {
  Collection own;
  own.run();
  for (const auto& entry : fs::recursive_directory_iterator(own.source)) {
    if (entry.is_regular_file())
      fs::last_write_time(entry, entry.last_write_time() + std::chrono::seconds(5));
  }
  std::stop_source stop;
  stop.request_stop();
  EXPECT_TRUE(failure_of([&] { own.run(Collection::settings(), stop.get_token()); }).has_value());
  Console console(true);
  EXPECT_TRUE(fails(ErrorCode::no_data, "has not been extracted",
                    [&] { run_fit(own.out, Collection::settings(), console); }));
}

TEST_F(Job, PathsThatAreNotUtf8AreReadAndToldAsText) {
  const Folder folder;
  const std::string source = folder / "p\xE9";
  fs::copy(whole_->source, source, fs::copy_options::recursive);
  fs::rename(source + "/Banana", source +
                                     "/\xFF"
                                     "Banana");
  Console console(true);
  EXPECT_EQ(run(source, folder / "out", Collection::settings(), console, {}).rows, 18U);
  EXPECT_TRUE(read_run(*open_storage(folder / "out"))->at("labels").contains("\\xFFBanana"));
}

}  // namespace
}  // namespace pomona
