// A prepared network as the two files of a bundle: OpenVINO IR with Pomona's settings in its `pomona`
// section.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "network/state.h"

namespace pomona::network {

// Writes the state's settings into its graph, so that they travel with it.
void write_settings(Network::State& state);

NetworkFiles graph_files(const Network::State& state);

// Throws Error (corrupt, mismatch) where the files are not what the function above made.
std::shared_ptr<const Network::State> read_graph(const std::string& xml, std::string_view weights,
                                                 Precision precision);

}  // namespace pomona::network
