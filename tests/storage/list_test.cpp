#include <filesystem>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "storage/local.h"
#include "support.h"

namespace pomona {
namespace {

namespace fs = std::filesystem;
using testing::fails;
using testing::Folder;

std::multiset<std::string> keys(const std::string& folder, const Storage* except = nullptr) {
  std::multiset<std::string> found;
  LocalStorage(folder).list([&](ObjectInfo&& object) { found.insert(std::move(object.key)); }, except);
  return found;
}

using Keys = std::multiset<std::string>;

TEST(List, FindsFilesOfAnyNameButHiddenOnes) {
  const Folder folder;
  for (const char* name : {"a.jpg", "b/c.jpg", "b/d/e", "b/.hidden.jpg", ".cache/f.jpg", "b/.git/g.jpg"}) {
    folder.put(name, "x");
  }
  folder.put(
      "p\xE9"
      "che/1.jpg",
      "x");
  EXPECT_EQ(keys(folder.path()), (Keys{"a.jpg", "b/c.jpg", "b/d/e",
                                       "p\xE9"
                                       "che/1.jpg"}));
  EXPECT_EQ(keys(folder.path() + "//"), keys(folder.path()));
}

TEST(List, SaysSizeAndAVersionThatChangesWithTheFile) {
  const Folder folder;
  const std::string file = folder.put("a", "12345");
  ObjectInfo first;
  LocalStorage(folder.path()).list([&](ObjectInfo&& object) { first = std::move(object); });
  EXPECT_EQ(first.size, 5U);
  fs::last_write_time(file, fs::last_write_time(file) + std::chrono::nanoseconds(1'000'000));
  LocalStorage(folder.path()).list([&](ObjectInfo&& object) { EXPECT_NE(object.version, first.version); });
}

TEST(List, FollowsLinksButNotInACircle) {
  const Folder folder;
  const Folder elsewhere;
  folder.put("a/1.jpg", "x");
  elsewhere.put("2.jpg", "x");
  fs::create_directory_symlink(elsewhere.path(), folder / "linked");
  fs::create_directory_symlink(folder.path(), folder / "a/up");
  fs::create_directory_symlink(".", folder / "a/self");
  fs::create_symlink(folder / "a/1.jpg", folder / "file.jpg");
  EXPECT_EQ(keys(folder.path()), (Keys{"a/1.jpg", "linked/2.jpg", "file.jpg"}));
}

TEST(List, CountsWhatCannotBeReadAsAnInput) {
  const Folder folder;
  fs::create_symlink("nowhere", folder / "dangling.jpg");
  fs::create_symlink("loop", folder / "loop");
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(keys(folder.path()), (Keys{"dangling.jpg", "loop", "pipe"}));
}

TEST(List, LeavesOutAnotherStorageHoweverItIsReached) {
  const Folder folder;
  folder.put("a/1.jpg", "x");
  folder.put("a/out/run.json", "x");
  folder.put("outer/2.jpg", "x");  // not below a/out, though the name begins alike
  fs::create_directory_symlink(folder / "a/out", folder / "again");
  const Keys rest{"a/1.jpg", "outer/2.jpg"};
  const LocalStorage direct(folder / "a/out");
  const LocalStorage through_link(folder / "again");
  const LocalStorage roundabout(folder / "outer/../a/./out/");
  EXPECT_EQ(keys(folder.path(), &direct), rest);
  EXPECT_EQ(keys(folder.path(), &through_link), rest);
  EXPECT_EQ(keys(folder.path(), &roundabout), rest);
  const LocalStorage missing(folder / "not there");
  EXPECT_EQ(keys(folder.path(), &missing).size(), 4U);
}

TEST(List, FailsWithoutTheFolder) {
  const Folder folder;
  EXPECT_TRUE(fails(ErrorCode::not_found, "missing", [&] { keys(folder / "missing"); }));
  folder.put("file", "x");
  EXPECT_TRUE(fails(ErrorCode::not_found, "file", [&] { keys(folder / "file"); }));
}

// Rights do not bind root: a child process drops them.
TEST(List, FailsWhereAFolderMayNotBeRead) {
  const Folder folder;
  folder.put("a/1.jpg", "x");
  folder.put("secret/2.jpg", "x");
  fs::permissions(folder.path(), fs::perms(0755));
  fs::permissions(folder / "secret", fs::perms::none);
  const pid_t child = fork();
  if (child == 0) {
    if (geteuid() == 0 && seteuid(65534) != 0) _exit(2);
    _exit(fails(ErrorCode::permission, "secret", [&] { keys(folder.path()); }) ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  fs::permissions(folder / "secret", fs::perms::owner_all);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace pomona
