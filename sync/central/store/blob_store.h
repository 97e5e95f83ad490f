// SPDX-License-Identifier: Apache-2.0
// Where the centre keeps whole attachments: a folder, or a bucket that speaks S3. tests/contract/blob_store holds both
// to the same words. Objects are sealed, named by the hash of their bytes, and never change.
#pragma once

#include <memory>
#include <string>

#include "sync/record/blob.h"

namespace anjungan::central {

/// Thread-safe. `unavailable`, `io`, `full`: try again later; nothing is half there.
class BlobStore {
 public:
  virtual ~BlobStore() = default;

  /// Whether it is there with this size.
  [[nodiscard]] virtual record::Result<bool> has(const record::Hash& hash, std::uint64_t size) = 0;
  /// Keeps the file at `path`, whose bytes were compared with the hash and are on disk; it may be moved away. Durable
  /// when it returns. Again: nothing changes.
  [[nodiscard]] virtual record::Result<void> keep(const record::Hash& hash, std::uint64_t size,
                                                  const std::string& path) = 0;
  /// The whole object, at most record::k_most_blob_bytes. `not_found`.
  [[nodiscard]] virtual record::Result<record::Bytes> read(const record::Hash& hash) = 0;
};

/// FOLDER/ab/HASH, fsynced; `folder` is made when missing. On the file system of `path` in keep() the file is moved,
/// from another one copied.
[[nodiscard]] record::Result<std::unique_ptr<BlobStore>> open_folder_blob_store(const std::string& folder);

struct S3Bucket {
  std::string url;     ///< https://HOST/BUCKET: path style, which every server understands
  std::string region;  ///< as its signatures name it
  std::string key_id;
  std::string secret;
};

/// `invalid` for an address that would cross a network unprotected, or a missing key. Nothing is asked of the bucket.
[[nodiscard]] record::Result<std::unique_ptr<BlobStore>> open_s3_blob_store(S3Bucket bucket);

}  // namespace anjungan::central
