#include "storage/local.h"

#include <atomic>
#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support.h"

namespace pomona {
namespace {

namespace fs = std::filesystem;
using testing::bytes_of;
using testing::fails;
using testing::Folder;

ObjectInfo listed(const LocalStorage& storage, const std::string& key) {
  ObjectInfo found;
  storage.list([&](ObjectInfo&& object) {
    if (object.key == key) found = std::move(object);
  });
  EXPECT_EQ(found.key, key);
  return found;
}

size_t entries(const std::string& folder) {
  return static_cast<size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

// Runs `act` in a child process, which may lose its rights; the result is its exit status.
template <typename Act>
int in_child(const Act& act) {
  const pid_t child = fork();
  if (child == 0) _exit(act());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(LocalStorage, WritesWholeAndOverwrites) {
  const Folder folder;
  LocalStorage storage(folder / "new/out");
  storage.write("a/b.txt", std::string_view("first"));
  storage.write("a/b.txt", std::string_view("second, longer"));
  EXPECT_EQ(storage.read("a/b.txt"), "second, longer");
  EXPECT_EQ(storage.stat("a/b.txt")->size, 14U);
  EXPECT_EQ(entries(folder / "new/out/a"), 1U);  // no temporary file beside it
}

TEST(LocalStorage, AFailedWriteLeavesTheOldFileAndNoTemporary) {
  const Folder folder;
  LocalStorage storage(folder.path());
  storage.write("part", std::string_view("old"));
  EXPECT_EQ(in_child([&] {
              signal(SIGXFSZ, SIG_IGN);  // a write beyond the limit then fails halfway, as on a full disk
              const rlimit limit{1000, 1000};
              setrlimit(RLIMIT_FSIZE, &limit);
              return fails(ErrorCode::storage, "part", [&] { storage.write("part", std::string(5000, 'x')); })
                         ? 0
                         : 1;
            }),
            0);
  EXPECT_EQ(storage.read("part"), "old");
  EXPECT_EQ(entries(folder.path()), 1U);
  fs::create_directory(folder / "taken");
  EXPECT_TRUE(fails(ErrorCode::storage, "taken", [&] { storage.write("taken", std::string_view("x")); }));
  EXPECT_EQ(entries(folder.path()), 2U);
}

TEST(LocalStorage, SaysWhatIsThere) {
  const Folder folder;
  LocalStorage storage(folder.path());
  EXPECT_FALSE(storage.stat("missing"));
  EXPECT_FALSE(storage.stat("missing/deeper"));
  EXPECT_TRUE(fails(ErrorCode::not_found, "missing", [&] { (void)storage.read("missing"); }));
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_TRUE(fails(ErrorCode::storage, "not a regular file", [&] { (void)storage.read("pipe"); }));
}

TEST(LocalStorage, RemovesAFileAFolderAndWhatIsNotThere) {
  const Folder folder;
  LocalStorage storage(folder.path());
  storage.write("a/1", std::string_view("x"));
  storage.write("a/2", std::string_view("x"));
  storage.write("b", std::string_view("x"));
  storage.remove("a/1");
  storage.remove("a/1");
  EXPECT_FALSE(storage.stat("a/1"));
  const auto all = [](std::string_view) { return true; };
  storage.remove_below("a/", all);
  storage.remove_below("a/", all);
  EXPECT_FALSE(storage.stat("a"));
  EXPECT_TRUE(storage.stat("b"));
}

TEST(LocalStorage, RemovesOnlyWhatIsNamed) {
  const Folder folder;
  LocalStorage storage(folder.path());
  for (const char* key : {"a/1", "a/mine", "a/below/1", "a/empty/1"})
    storage.write(key, std::string_view("x"));
  storage.write("a/below/mine", std::string_view("x"));
  storage.remove_below("a/", [](std::string_view key) { return key.ends_with("/1"); });
  EXPECT_TRUE(storage.stat("a/mine"));
  EXPECT_TRUE(storage.stat("a/below/mine"));
  EXPECT_FALSE(storage.stat("a/1"));
  EXPECT_FALSE(storage.stat("a/below/1"));
  EXPECT_FALSE(storage.stat("a/empty"));
}

TEST(LocalStorage, MakesARelativeFolderOfOneName) {
  const Folder folder;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  LocalStorage storage("results");
  storage.write("a", std::string_view("x"));
  std::filesystem::current_path(before);
  EXPECT_TRUE(LocalStorage(folder / "results").stat("a"));
}

TEST(LocalStorage, MovesOverWhatIsThere) {
  const Folder folder;
  LocalStorage storage(folder.path());
  storage.write("a", std::string_view("new"));
  storage.write("deep/er/b", std::string_view("old"));
  storage.move("a", "deep/er/b");
  EXPECT_FALSE(storage.stat("a"));
  EXPECT_EQ(storage.read("deep/er/b"), "new");
  storage.move("deep/er/b", "other/c");
  EXPECT_EQ(storage.read("other/c"), "new");
  EXPECT_TRUE(fails(ErrorCode::not_found, "missing", [&] { storage.move("missing", "d"); }));
}

TEST(LocalStorage, ReadsARangeOrSaysWhyNot) {
  const Folder folder;
  folder.put("file", "0123456789");
  const LocalStorage storage(folder.path());
  Buffer out;
  ASSERT_FALSE(storage.read_range("file", 3, 4, out));
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(out.data()), out.size()), "3456");
  EXPECT_FALSE(storage.read_range("file", 10, 0, out));
  EXPECT_EQ(storage.read_range("file", 8, 3, out)->reason, Reason::read_error);
  EXPECT_EQ(storage.read_range("gone", 0, 1, out)->reason, Reason::vanished);
  // What a storage without ranged reads of its own does.
  ASSERT_FALSE(storage.Storage::read_range("file", 3, 4, out));
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(out.data()), out.size()), "3456");
  EXPECT_EQ(storage.Storage::read_range("file", 8, 3, out)->reason, Reason::changed);
  EXPECT_EQ(storage.Storage::read_range("file", ~uint64_t{0}, 2, out)->reason, Reason::changed);
}

TEST(LocalStorage, IsLockedOnce) {
  const Folder folder;
  LocalStorage storage(folder / "out");
  LocalStorage other(folder / "out");
  auto lock = storage.lock();
  for (int attempt = 0; attempt < 2; ++attempt) {
    EXPECT_TRUE(fails(ErrorCode::mismatch, "another job", [&] { other.lock(); }));
  }
  lock.reset();
  EXPECT_NE(other.lock(), nullptr);
}

TEST(LocalStorage, TheLockIsHeldByOneOfMany) {
  const Folder folder;
  std::atomic<int> inside = 0;
  std::atomic<int> taken = 0;
  std::atomic<bool> shared = false;
  const auto attempt = [&] {
    LocalStorage storage(folder / "out");
    while (taken < 200) {
      try {
        const auto lock = storage.lock();
        if (++inside > 1) shared = true;
        ++taken;
        --inside;
      } catch (const Error&) {
        std::this_thread::yield();
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) threads.emplace_back(attempt);
  }
  EXPECT_FALSE(shared);
}

TEST(LocalStorage, TheLockLeavesNothingBehind) {
  const Folder folder;
  LocalStorage(folder / "new").lock().reset();
  EXPECT_FALSE(fs::exists(folder / "new"));
  fs::create_directory(folder / "old");
  LocalStorage(folder / "old").lock().reset();
  EXPECT_TRUE(fs::is_empty(folder / "old"));
  LocalStorage filled(folder / "filled");
  auto lock = filled.lock();
  filled.write("part", "whole");
  lock.reset();
  EXPECT_EQ(filled.read("part"), "whole");
}

TEST(LocalStorage, TheLockRemovesWhatAKilledWriterLeft) {
  const Folder folder;
  folder.put("features/.pomona-tmp-1-2", "half");
  folder.put(".pomona-tmp-plan-abc", "half");
  folder.put("features/part", "whole");
  folder.put("features/.mine", "the user's");
  LocalStorage storage(folder.path());
  const auto lock = storage.lock();
  EXPECT_FALSE(storage.stat("features/.pomona-tmp-1-2"));
  EXPECT_FALSE(storage.stat(".pomona-tmp-plan-abc"));
  EXPECT_TRUE(storage.stat("features/part"));
  EXPECT_TRUE(storage.stat("features/.mine"));
}

TEST(ReadListed, ReadsWhatWasListed) {
  const Folder folder;
  folder.put("a", "content");
  const LocalStorage storage(folder.path());
  Buffer out;
  ASSERT_FALSE(storage.read_listed(listed(storage, "a"), 7, out));
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(out.data()), out.size()), "content");
}

TEST(ReadListed, RejectsEachWithItsReason) {
  const Folder folder;
  for (const char* name : {"gone", "grown", "touched", "large", "folder/in", "cut"})
    folder.put(name, "12345678");
  folder.put("empty", "");
  fs::create_symlink("nowhere", folder / "dangling");
  fs::create_symlink("loop", folder / "loop");
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  const LocalStorage storage(folder.path());
  std::map<std::string, ObjectInfo> objects;
  storage.list([&](ObjectInfo&& object) { objects[object.key] = object; });
  fs::remove(folder / "gone");
  fs::remove_all(folder / "folder");
  folder.put("grown", "123456789");
  fs::last_write_time(folder / "touched", fs::last_write_time(folder / "touched") + std::chrono::seconds(1));
  const std::map<std::string, Reason> expected = {
      {"gone", Reason::vanished},       {"folder/in", Reason::vanished},   {"grown", Reason::changed},
      {"touched", Reason::changed},     {"large", Reason::too_many_bytes}, {"empty", Reason::empty},
      {"dangling", Reason::not_a_file}, {"loop", Reason::not_a_file},      {"pipe", Reason::not_a_file},
  };
  for (const auto& [key, reason] : expected) {
    Buffer out;
    const MaybeReject reject = storage.read_listed(objects.at(key), 7, out);
    ASSERT_TRUE(reject) << key;
    EXPECT_EQ(reject->stage, Stage::read) << key;
    EXPECT_EQ(name(reject->reason), name(reason)) << key;
    EXPECT_TRUE(reject->detail.ends_with('.')) << reject->detail;
  }
}

TEST(ReadListed, RejectsWhatMayNotBeRead) {
  const Folder folder;
  fs::permissions(folder.path(), fs::perms(0755));
  fs::permissions(folder.put("secret", "x"), fs::perms::none);
  const LocalStorage storage(folder.path());
  const ObjectInfo object = listed(storage, "secret");
  EXPECT_EQ(in_child([&] {
              if (geteuid() == 0 && seteuid(65534) != 0) return 2;
              Buffer out;
              const MaybeReject reject = storage.read_listed(object, 7, out);
              return reject && reject->reason == Reason::permission_denied ? 0 : 1;
            }),
            0);
}

TEST(ReadListed, StopsWhereTheWholeSourceIsGone) {
  const Folder folder;
  folder.put("source/a", "x");
  const LocalStorage storage(folder / "source");
  const ObjectInfo object = listed(storage, "a");
  fs::remove_all(folder / "source");
  Buffer out;
  EXPECT_TRUE(
      fails(ErrorCode::not_found, "whole source", [&] { (void)storage.read_listed(object, 7, out); }));
}

TEST(ReadFile, RejectsAMissingFileEvenInAMissingFolder) {
  const Folder folder;
  Buffer out;
  for (const std::string& file : {folder / "none.jpg", folder / "none/none.jpg", std::string("none.jpg")}) {
    const MaybeReject reject = read_file(file, 100, out);
    ASSERT_TRUE(reject) << file;
    EXPECT_EQ(name(reject->reason), name(Reason::vanished));
  }
  EXPECT_FALSE(read_file(folder.put("a", "x"), 1, out));
}

TEST(OpenStorage, KnowsFoldersOnly) {
  EXPECT_EQ(open_storage("some/folder/")->uri(), "some/folder");
  EXPECT_EQ(open_storage("file:///tmp/x")->local_folder(), "/tmp/x");
  for (const char* wrong : {"", "ftp://host/x", "file://", "file://host/x"}) {
    EXPECT_TRUE(fails(ErrorCode::usage, "", [&] { open_storage(wrong); })) << wrong;
  }
}

}  // namespace
}  // namespace pomona
