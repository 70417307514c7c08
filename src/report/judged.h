// From single answers to what the page says about a classifier. Every figure comes from classify/metrics.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "classify/decision.h"
#include "report/classifier.h"
#include "table/predictions.h"

namespace pomona::report {

inline constexpr size_t kShownMistakes = 24;
inline constexpr size_t kPhotosACell = 12;

// Photos of the classes with their labels, and photos that show none of them. `classes` are sorted. The
// photos of a cell are those with the surest answers. Throws Error(corrupt) for an answer that is no class;
// no_data where there are no known photos.
ClassifierReport judge(std::span<const PredictionRow> known, std::span<const PredictionRow> unknown,
                       const std::vector<std::string>& classes, const Thresholds& thresholds,
                       const std::string& basis);

// The photos that the report shows, the most telling first, each once: mistakes, then the cells' first
// photos, their second ones, and so on.
std::vector<std::string> shown_photos(const ClassifierReport& classifier);

}  // namespace pomona::report
