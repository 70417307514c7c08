// The library that holds this code, on disk.
#pragma once

#include <filesystem>
#include <string>

namespace pomona::network {

std::filesystem::path library_folder();

// Its size and time: another build has another stamp.
std::string library_stamp();

}  // namespace pomona::network
