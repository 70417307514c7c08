#include "bundle/bundle.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "bundle/manifest.h"
#include "bundle/photo_engine.h"
#include "support.h"

namespace pomona {
namespace {

namespace fs = std::filesystem;
using testing::bytes_of;
using testing::fails;
using testing::Folder;

Bundle small_bundle() {
  NetworkSettings settings;
  settings.precision = Precision::f32;
  settings.size = 32;
  Network network = Network::load(settings);
  const auto d = static_cast<size_t>(network.dimension());
  Bundle bundle{{}, std::move(network),          {},
                {}, {"Apple", "B\"anana", "桃"}, {30, 28, 2, std::string(64, 'f')}};
  bundle.decode.max_bytes = 12345;
  bundle.decode.scaled_size = 32;
  bundle.scaler = {std::vector<double>(d, 0.25), std::vector<double>(d, 4), std::vector<double>(d, 2)};
  bundle.pca.dimension = d;
  bundle.pca.components.assign(2 * d, 0.125);
  bundle.pca.explained_variance = {2, 1};
  bundle.pca.explained_variance_ratio = {0.5, 0.25};
  bundle.pca.spectrum = {0.5, 0.25, 0.25};
  bundle.pca.mean.assign(d, 0);
  bundle.pca.total_variance = 4;
  bundle.pca.count = 28;
  return bundle;
}

class BundleTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    written_ = new Folder;
    setenv("POMONA_CACHE", "off", 1);
    bundle_ = new Bundle(small_bundle());
    const auto storage = open_storage(written_->path());
    write_bundle(*storage, "m/", *bundle_);
  }
  static void TearDownTestSuite() {
    delete bundle_;
    delete written_;
  }
  void SetUp() override { fs::copy(*written_ / "m", folder_ / "m", fs::copy_options::recursive); }

  Bundle load() const { return load_bundle(*open_storage(folder_.path()), "m/"); }
  // Edits the manifest as somebody would who knows how it is sealed.
  void edit(const std::function<void(nlohmann::json&)>& change) const {
    auto manifest = nlohmann::json::parse(bytes_of(folder_ / "m/bundle.json"));
    change(manifest);
    folder_.put("m/bundle.json", seal_manifest(manifest));
  }

  static inline Folder* written_ = nullptr;
  static inline Bundle* bundle_ = nullptr;
  Folder folder_;
};

const std::vector<std::string> kParts = {"network.xml", "network.bin", "parameters.safetensors"};

TEST_F(BundleTest, ComesBackAsItWas) {
  const Bundle back = load();
  EXPECT_EQ(back.decode.max_bytes, 12345U);
  EXPECT_EQ(back.decode.max_pixels, bundle_->decode.max_pixels);
  EXPECT_EQ(back.decode.scaled_size, 32);
  EXPECT_EQ(back.decode.scaled_margin, bundle_->decode.scaled_margin);
  EXPECT_EQ(back.classes, bundle_->classes);
  EXPECT_EQ(back.provenance.photos, 30U);
  EXPECT_EQ(back.provenance.rows, 28U);
  EXPECT_EQ(back.provenance.rejects, 2U);
  EXPECT_EQ(back.provenance.features_sha256, bundle_->provenance.features_sha256);
  EXPECT_EQ(back.scaler.mean, bundle_->scaler.mean);
  EXPECT_EQ(back.scaler.scale, bundle_->scaler.scale);
  EXPECT_EQ(back.pca.components, bundle_->pca.components);
  EXPECT_EQ(back.pca.count, 28U);
  EXPECT_EQ(back.network.network_name(), bundle_->network.network_name());
  EXPECT_EQ(back.network.sha256(), bundle_->network.sha256());
  EXPECT_EQ(back.network.output_layer(), bundle_->network.output_layer());
  EXPECT_EQ(back.network.size(), 32);
  EXPECT_EQ(back.network.dimension(), bundle_->network.dimension());
}

TEST_F(BundleTest, WrittenAgainHasTheSameBytes) {
  const auto storage = open_storage(folder_.path());
  write_bundle(*storage, "again/", load());
  for (const char* file : {"bundle.json", "network.xml", "network.bin", "parameters.safetensors"}) {
    EXPECT_EQ(bytes_of(folder_ / ("again/" + std::string(file))),
              bytes_of(folder_ / ("m/" + std::string(file))))
        << file;
  }
}

TEST_F(BundleTest, OneChangedByteOfAPartIsRefusedByName) {
  for (const std::string& part : kParts) {
    const std::string good = bytes_of(folder_ / ("m/" + part));
    for (size_t step = 0; step < 5; ++step) {
      std::string bytes = good;
      const size_t at = step * (bytes.size() - 1) / 4;
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << step));
      folder_.put("m/" + part, bytes);
      EXPECT_TRUE(fails(ErrorCode::corrupt, "m/" + part, [&] { load(); })) << at;
    }
    folder_.put("m/" + part, good + "x");
    EXPECT_TRUE(fails(ErrorCode::corrupt, "m/" + part, [&] { load(); }));
    fs::remove(folder_ / ("m/" + part));
    EXPECT_TRUE(fails(ErrorCode::not_found, "m/" + part, [&] { load(); }));
    folder_.put("m/" + part, good);
  }
  EXPECT_NO_THROW(load());
}

TEST_F(BundleTest, OneChangedByteOfTheManifestIsRefused) {
  const std::string good = bytes_of(folder_ / "m/bundle.json");
  for (size_t at = 0; at < good.size(); at += 7) {
    std::string bytes = good;
    bytes[at] = static_cast<char>(bytes[at] ^ 4);
    folder_.put("m/bundle.json", bytes);
    EXPECT_TRUE(fails(ErrorCode::corrupt, "bundle.json", [&] { load(); })) << at;
  }
  for (const std::string& bytes :
       {good + " ", good.substr(1), good.substr(0, good.size() - 1), std::string()}) {
    folder_.put("m/bundle.json", bytes);
    EXPECT_TRUE(fails(ErrorCode::corrupt, "bundle.json", [&] { load(); }));
  }
}

TEST_F(BundleTest, AManifestThatWasEditedAndSealedIsHeldToItsMeaning) {
  edit([](auto& m) { m["format_version"] = kBundleFormatVersion + 1; });
  EXPECT_TRUE(fails(ErrorCode::mismatch, "format version 2", [&] { load(); }));
  const std::vector<std::function<void(nlohmann::json&)>> edits = {
      [](auto& m) { m["format"] = 7; },
      [](auto& m) { m["format"] = "another"; },
      [](auto& m) { m.erase("format_version"); },
      [](auto& m) { m.erase("files"); },
      [](auto& m) { m["files"]["network.bin"]["bytes"] = -1; },
      [](auto& m) { m["files"].erase("parameters.safetensors"); },
      [](auto& m) { m["decode"]["max_bytes"] = "much"; },
      [](auto& m) { m["classes"] = 7; },
      [](auto& m) { m["provenance"] = nullptr; },
  };
  for (size_t i = 0; i < edits.size(); ++i) {
    edit([&](auto& m) {
      m = nlohmann::json::parse(bytes_of(*written_ / "m/bundle.json"));
      edits[i](m);
    });
    EXPECT_TRUE(fails(ErrorCode::corrupt, "bundle.json", [&] { load(); })) << i;
  }
}

TEST_F(BundleTest, AFolderWithoutAManifestIsNoBundle) {
  fs::remove(folder_ / "m/bundle.json");
  EXPECT_TRUE(fails(ErrorCode::not_found, "there is no bundle here", [&] { load(); }));
}

TEST_F(BundleTest, AnswersPhotosInTheOrderGiven) {
  PhotoEngine engine(bundle_->decode, bundle_->network, 0);
  const std::string text = "no photo";
  const std::vector<PhotoInput> photos = {folder_ / "missing.jpg", std::as_bytes(std::span(text)),
                                          folder_.put("empty.jpg", ""),
                                          folder_.put("large", std::string(12346, 'x'))};
  const PhotoFeatures answers = engine.extract(photos);
  const std::vector<Reason> expected = {Reason::vanished, Reason::not_an_image, Reason::empty,
                                        Reason::too_many_bytes};
  for (size_t photo = 0; photo < photos.size(); ++photo) {
    ASSERT_TRUE(answers.rejects[photo]);
    EXPECT_EQ(name(answers.rejects[photo]->reason), name(expected[photo]));
  }
}

}  // namespace
}  // namespace pomona
