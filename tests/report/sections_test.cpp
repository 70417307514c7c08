#include "report/sections.h"

#include <gtest/gtest.h>

namespace pomona::report {
namespace {

Classes two_classes() { return Classes({{"rows", 4}, {"labels", {{"Apple", 2}, {"Pear", 2}}}}, 2); }

Pictures one_picture() {
  Pictures pictures;
  pictures.gallery = Gallery(10);
  pictures.gallery.want({"Pear/1.jpg", 1, 7, -1});
  pictures.gallery.want({"Pear/gone.jpg", 1, 8, -1});
  pictures.gallery.place({Thumbnail{1, 1, {0, 0, 0}}, Thumbnail{}});
  pictures.averages.resize(2);
  return pictures;
}

TEST(Sections, ClassifierPhotosFindTheirPointAndTheirPicture) {
  ClassifierReport classifier;
  classifier.confusion = {{"Pear", "Apple", 3, {"Pear/1.jpg", "Pear/gone.jpg", "Pear/unknown.jpg"}},
                          {"Pear", "Plum", 1, {}}};
  classifier.mistakes = {{"Pear/1.jpg", "Pear", "Apple", 0.9}, {"x.jpg", "Plum", "Apple", 0.8}};
  classifier.per_class = {{"Pear", 0.5, std::nullopt, std::nullopt, 4}};
  const auto json = classifier_json(classifier, two_classes(), one_picture());
  ASSERT_EQ(json["confusion"].size(), 1) << "a class that the dataset does not have is left out";
  const auto& photos = json["confusion"][0]["photos"];
  EXPECT_EQ(photos[0], (nlohmann::json{{"path", "Pear/1.jpg"}, {"label", 1}, {"point", 7}, {"tile", 0}}));
  EXPECT_EQ(photos[1], (nlohmann::json{{"path", "Pear/gone.jpg"}, {"label", 1}, {"point", 8}, {"tile", -1}}));
  EXPECT_EQ(photos[2]["point"], -1);
  ASSERT_EQ(json["mistakes"].size(), 1);
  EXPECT_EQ(json["mistakes"][0]["predicted"], 0);
  ASSERT_EQ(json["per_class"].size(), 2);
  EXPECT_TRUE(json["per_class"][0]["precision"].is_null());
  EXPECT_EQ(json["per_class"][1]["precision"], 0.5);
  EXPECT_TRUE(json["per_class"][1]["recall"].is_null());
  EXPECT_TRUE(json["novelty"].is_null());
}

TEST(Sections, NoMatrixForTwoClasses) { EXPECT_TRUE(similarity_json(two_classes()).is_null()); }

TEST(Sections, APathStandsOnceInTheGallery) {
  Gallery gallery(2);
  EXPECT_TRUE(gallery.want({"a", 0, 1, -1}));
  EXPECT_TRUE(gallery.want({"a", 0, 1, -1}));
  EXPECT_EQ(gallery.room(), 1);
  EXPECT_TRUE(gallery.want({"b", 0, 2, -1}));
  EXPECT_FALSE(gallery.want({"c", 0, 3, -1}));
  EXPECT_EQ(gallery.point("b"), 2);
  EXPECT_EQ(gallery.tile("c"), -1);
}

}  // namespace
}  // namespace pomona::report
