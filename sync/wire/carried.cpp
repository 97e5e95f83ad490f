// SPDX-License-Identifier: Apache-2.0
#include "sync/wire/carried.h"

#include "sync/wire/frame.h"
#include "sync/wire/proof.h"

namespace anjungan::wire {

record::Bytes join_carried_answer(record::ByteView request, record::ByteView answer) {
  record::Bytes out(request.begin(), request.end());
  out.insert(out.end(), answer.begin(), answer.end());
  return out;
}

record::Result<CarriedAnswer> split_carried_answer(record::ByteView file) {
  const auto request_bytes = frame_bytes(Kind::sync_request, file, k_signature_bytes);
  if (!request_bytes) return tl::unexpected(request_bytes.error());
  if (*request_bytes >= file.size()) {
    return record::fail(record::ErrorKind::invalid, "carried answer: the file is cut short");
  }
  return CarriedAnswer{file.first(*request_bytes), file.subspan(*request_bytes)};
}

}  // namespace anjungan::wire
