#include "storage/local.h"

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <random>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/error.h"
#include "storage/file.h"
#include "storage/local_list.h"

namespace pomona {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTemporary = ".pomona-tmp-";
constexpr const char* kLock = ".pomona-lock";

std::string without_trailing_slashes(std::string folder) {
  while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
  return folder;
}

// No two writers have the same one: nor do processes of the same number, on machines that share the folder.
std::string temporary_name() {
  static const uint64_t process = (uint64_t{std::random_device()()} << 32U) | std::random_device()();
  static std::atomic<uint64_t> counter = 0;
  return std::string(kTemporary) + std::to_string(process) + "-" + std::to_string(counter++);
}

Reject reject(Reason reason, std::string detail) { return {Stage::read, reason, std::move(detail)}; }

std::string system_says(int number) { return "The system says: " + system_message(number) + "."; }

// Why a file could not be opened. Throws where it is not the file's fault; `root` is the source it was listed
// in, or empty.
Reject open_failure(const std::string& root, const std::string& path, int number) {
  switch (number) {
    case ENOENT:
    case ENOTDIR: {
      struct stat status{};
      if (::lstat(path.c_str(), &status) == 0)
        return reject(Reason::not_a_file, "A link that leads nowhere.");
      if (!root.empty() && ::stat(root.c_str(), &status) != 0) {
        throw system_error("read", root, errno,
                           "the whole source is gone: bring it back and give the command again");
      }
      return reject(Reason::vanished,
                    root.empty() ? "There is no such file." : "It was listed, but is gone.");
    }
    case EACCES:
    case EPERM:
      return reject(Reason::permission_denied, "This user may not read it.");
    case ELOOP:
    case ENXIO:
    case EISDIR:
      return reject(Reason::not_a_file, "Not a regular file.");
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      throw system_error("read", path, number, "raise the limit (ulimit -n), or use fewer --threads");
    default:
      return reject(Reason::read_error, system_says(number));
  }
}

// Reads a regular file whole. `listed`: as it was listed, if it was.
MaybeReject read_regular(const std::string& root, const std::string& name, const ObjectInfo* listed,
                         uint64_t max_bytes, Buffer& out) {
  // O_NONBLOCK: a pipe in the source must not hold the job up.
  const File file(::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.ok()) return open_failure(root, name, errno);
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) return reject(Reason::read_error, system_says(errno));
  if (!S_ISREG(status.st_mode)) return reject(Reason::not_a_file, "Not a regular file.");
  const auto size = static_cast<uint64_t>(status.st_size);
  if (listed != nullptr && (size != listed->size || version_of(status) != listed->version)) {
    return reject(Reason::changed, "It changed after it was listed.");
  }
  if (auto refused = refuse_size(size, max_bytes)) return refused;
  const ptrdiff_t count = read_fully(file.get(), out.reset(size));
  if (count < 0) return reject(Reason::read_error, system_says(errno));
  if (static_cast<uint64_t>(count) != size)
    return reject(Reason::changed, "It became shorter while it was read.");
  return std::nullopt;
}

// What a killed writer left behind. A folder that cannot be read is left as it is: it holds nothing of ours
// that a write would not complain about.
void remove_temporaries(const std::string& folder) {
  std::error_code error;
  std::error_code ignored;
  fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (entry->path().filename().string().starts_with(kTemporary)) fs::remove(entry->path(), ignored);
  }
}

// Puts a change of names on the disk, so that after a power failure no later change stands without this one.
void synchronise_folder(const std::string& folder) {
  const File descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // Some network file systems cannot do it, and say EINVAL.
  if (!descriptor.ok() || (::fsync(descriptor.get()) != 0 && errno != EINVAL)) {
    throw system_error("write", folder, errno);
  }
}

// Makes the folder of a file where it is missing, and names it.
std::string make_folder_of(const std::string& name) {
  std::string folder = name.substr(0, name.rfind('/'));
  std::error_code error;
  const bool created = fs::create_directories(folder, error);
  if (error) throw system_error("write", folder, error.value());
  const std::string parent = fs::path(folder).parent_path().string();
  if (created) synchronise_folder(parent.empty() ? "." : parent);
  return folder;
}

// Whether the open file is the one that has this name.
bool has_name(int descriptor, const std::string& name) {
  struct stat open{};
  struct stat named{};
  return ::fstat(descriptor, &open) == 0 && ::stat(name.c_str(), &named) == 0 &&
         open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

// A folder whose lock file is held: the file goes with it, and so does the folder if it was made for it and
// is empty.
class HeldFolder {
 public:
  HeldFolder(File file, std::string folder, bool is_new)
      : file_(std::move(file)), folder_(std::move(folder)), is_new_(is_new) {}
  HeldFolder(const HeldFolder&) = delete;
  HeldFolder& operator=(const HeldFolder&) = delete;
  ~HeldFolder() {
    ::unlink((folder_ + "/" + kLock).c_str());
    if (is_new_) ::rmdir(folder_.c_str());
  }

 private:
  File file_;  // closed, and so given up, when its name is gone
  std::string folder_;
  bool is_new_;
};

}  // namespace

LocalStorage::LocalStorage(std::string folder) : folder_(without_trailing_slashes(std::move(folder))) {}

void LocalStorage::list(const Visitor& visit, const Storage* except) const {
  const auto folder = except != nullptr ? except->local_folder() : std::nullopt;
  list_folder(folder_, folder ? folder_id(*folder) : std::nullopt, visit);
}

MaybeReject LocalStorage::read_listed(const ObjectInfo& object, uint64_t max_bytes, Buffer& out) const {
  return read_regular(folder_, path(object.key), &object, max_bytes, out);
}

MaybeReject LocalStorage::read_range(const std::string& key, uint64_t offset, uint64_t bytes,
                                     Buffer& out) const {
  const std::string name = path(key);
  const File file(::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.ok()) return open_failure(folder_, name, errno);
  if (!read_at(file.get(), out.reset(bytes), offset)) return reject(Reason::read_error, system_says(errno));
  return std::nullopt;
}

MaybeReject read_file(const std::string& path, uint64_t max_bytes, Buffer& out) {
  return read_regular({}, path, nullptr, max_bytes, out);
}

std::string LocalStorage::read(const std::string& key) const {
  const std::string name = path(key);
  const File file(::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status{};
  if (!file.ok() || ::fstat(file.get(), &status) != 0) throw system_error("read", name, errno);
  if (!S_ISREG(status.st_mode)) throw Error(ErrorCode::storage, "read", name, "it is not a regular file");
  std::string text(static_cast<size_t>(status.st_size), '\0');
  const ptrdiff_t count = read_fully(file.get(), std::as_writable_bytes(std::span(text)));
  if (count < 0) throw system_error("read", name, errno);
  text.resize(static_cast<size_t>(count));
  return text;
}

std::optional<ObjectInfo> LocalStorage::stat(const std::string& key) const {
  struct stat status{};
  if (::stat(path(key).c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    throw system_error("stat", path(key), errno);
  }
  return ObjectInfo{key, static_cast<uint64_t>(status.st_size), version_of(status)};
}

void LocalStorage::move(const std::string& from, const std::string& to) {
  const std::string target = path(to);
  const std::string folder = make_folder_of(target);
  if (::rename(path(from).c_str(), target.c_str()) != 0) throw system_error("move", path(from), errno);
  synchronise_folder(folder);
}

void LocalStorage::write(const std::string& key, std::span<const std::byte> bytes) {
  const std::string name = path(key);
  const std::string folder = make_folder_of(name);
  const std::string temporary = folder + "/" + temporary_name();
  try {
    const File file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!file.ok() || !write_fully(file.get(), bytes) || ::fdatasync(file.get()) != 0) {
      throw system_error("write", name, errno);
    }
    if (::rename(temporary.c_str(), name.c_str()) != 0) throw system_error("write", name, errno);
    synchronise_folder(folder);
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
}

void LocalStorage::remove(const std::string& key) {
  if (::unlink(path(key).c_str()) != 0 && errno != ENOENT && errno != ENOTDIR) {
    throw system_error("remove", path(key), errno);
  }
}

void LocalStorage::remove_below(const std::string& prefix, const KeyFilter& which) {
  const std::string folder = prefix.empty() ? folder_ : without_trailing_slashes(path(prefix));
  std::error_code error;
  std::vector<fs::path> folders = {folder};
  std::vector<fs::path> files;
  fs::recursive_directory_iterator entry(folder, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (entry->symlink_status(error).type() == fs::file_type::directory) {
      folders.push_back(entry->path());
    } else if (which(entry->path().string().substr(folder_.size() + 1))) {
      files.push_back(entry->path());
    }
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    throw system_error("remove", folder, error.value());
  }
  for (const fs::path& file : files) {
    if (::unlink(file.c_str()) != 0 && errno != ENOENT) throw system_error("remove", file.string(), errno);
  }
  // Deepest first; those that hold something else stay.
  for (auto last = folders.rbegin(); last != folders.rend(); ++last) ::rmdir(last->c_str());
}

std::shared_ptr<void> LocalStorage::lock() {
  const std::string name = folder_ + "/" + kLock;
  bool is_new = false;
  // Whoever held it last may take file and folder away between any two of these steps: then once more. Where
  // no file can be made at all, as in /proc, the system says the same for ever.
  for (int attempt = 0;; ++attempt) {
    std::error_code error;
    is_new = fs::create_directories(folder_, error) || is_new;
    if (error) throw system_error("write", folder_, error.value());
    File file(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (!file.ok() && errno == ENOENT && attempt < 100) continue;
    if (!file.ok()) throw system_error("write", name, errno);
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
      throw Error(ErrorCode::mismatch, "lock", folder_, "another job is writing there",
                  "wait for it to end, or stop it");
    }
    if (!has_name(file.get(), name) && attempt < 100) continue;
    auto held = std::make_shared<HeldFolder>(std::move(file), folder_, is_new);
    remove_temporaries(folder_);
    return held;
  }
}

}  // namespace pomona
