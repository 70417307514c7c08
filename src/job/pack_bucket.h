// One bucket of a packed dataset while it is written.
#pragma once

#include <functional>
#include <vector>

#include "base/buffer.h"
#include "job/pack.h"
#include "packed/pack_manifest.h"
#include "packed/tar_writer.h"
#include "table/packed.h"

namespace pomona {

class BucketPacker {
 public:
  // `advance` is called for every photo, with whether it was rejected.
  BucketPacker(const Storage& source, Storage& dest, const PackSettings& settings,
               std::function<void(bool)> advance);

  // Reads the photos, which must be in order (pack_order(), key), and writes their tars, the index and the
  // record.
  BucketRecord pack(BucketRecord record, std::vector<PackedRow> photos);

 private:
  // A photo between reading and writing.
  struct Slot {
    Buffer bytes;
    MaybeReject reject;
  };

  void read(const std::vector<PackedRow>& photos, size_t first, size_t count);
  void append(PackedRow& photo, Slot& slot, BucketRecord& record);
  void write_tar(BucketRecord& record);
  size_t batch(const std::vector<PackedRow>& photos, size_t first) const;

  const Storage& source_;
  Storage& dest_;
  const PackSettings& settings_;
  std::function<void(bool)> advance_;
  std::vector<Slot> slots_;
  TarWriter tar_;
};

}  // namespace pomona
