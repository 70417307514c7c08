// The fuzz targets' checks, with any compiler: over the seeds, every prefix of them and thousands of fixed
// alterations.
#include <gtest/gtest.h>

#include "../../fuzz/image_targets.h"
#include "pictures.h"

namespace pomona {
namespace {

using testing::Bytes;
using testing::Seed;

// xorshift64: the same alterations on every machine.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  size_t below(size_t limit) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_ % limit;
  }

 private:
  uint64_t state_;
};

Bytes altered(Bytes file, Random& random) {
  for (size_t changes = 1 + random.below(4); changes > 0 && !file.empty(); --changes) {
    const size_t at = random.below(file.size());
    switch (random.below(4)) {
      case 0:
        file[at] ^= static_cast<std::byte>(1U << random.below(8));
        break;
      case 1:
        file[at] = static_cast<std::byte>(random.below(256));
        break;
      case 2:
        file.erase(file.begin() + static_cast<ptrdiff_t>(at));
        break;
      default:
        file.insert(file.begin() + static_cast<ptrdiff_t>(at),
                    static_cast<std::byte>(0xFF * random.below(2)));
    }
  }
  return file;
}

template <typename Target>
void run(const std::vector<Seed>& seeds, Target target) {
  Random random(20260917);
  for (const Seed& seed : seeds) {
    target(seed.file);
    for (size_t length = 0; length < seed.file.size(); ++length) target(std::span(seed.file).first(length));
    for (int i = 0; i < 400; ++i) target(altered(seed.file, random));
  }
}

TEST(FuzzRegression, Jpeg) { run(testing::jpeg_seeds(), fuzz::decode); }
TEST(FuzzRegression, Png) { run(testing::png_seeds(), fuzz::decode); }
TEST(FuzzRegression, WebP) { run(testing::webp_seeds(), fuzz::decode); }
TEST(FuzzRegression, Exif) { run(testing::exif_seeds(), fuzz::exif); }

}  // namespace
}  // namespace pomona
