// A user's table of labels: a CSV file with the columns path and label.
#pragma once

#include <string>
#include <unordered_map>

namespace pomona {

// Path -> label. With or without a header line. Throws Error naming the file and what is wrong with it.
std::unordered_map<std::string, std::string> read_labels_csv(const std::string& file);

}  // namespace pomona
