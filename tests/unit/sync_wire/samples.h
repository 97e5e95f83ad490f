// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sync/wire/blob.h"
#include "sync/wire/enrol.h"
#include "sync/wire/key_manifest.h"
#include "sync/wire/question.h"
#include "sync/wire/rotation.h"
#include "sync/wire/sync_answer.h"
#include "sync/wire/sync_request.h"

namespace anjungan::wire::test {

// One of each message with fixed contents and keys: what the vectors hold and the other tests start from.

[[nodiscard]] const record::SigningKey& root_key();          // seed 32 x 01
[[nodiscard]] const record::SigningKey& centre_key();        // seed 32 x 02
[[nodiscard]] const record::SigningKey& receipt_key();       // seed 32 x 03
[[nodiscard]] const record::SigningKey& device_key();        // seed 32 x 04
[[nodiscard]] const record::SigningKey& next_receipt_key();  // seed 32 x 09
[[nodiscard]] const record::SigningKey& next_device_key();   // seed 32 x 0A
[[nodiscard]] const record::SigningKey& stranger_key();      // seed 32 x 7F: nobody's

[[nodiscard]] EnrolCode code();
[[nodiscard]] KeyManifest manifest();
[[nodiscard]] record::Bytes manifest_message();
[[nodiscard]] record::Bytes enrol_request_message();
[[nodiscard]] TerminalGrant grant();
[[nodiscard]] SyncRequest sync_request();
[[nodiscard]] record::Bytes sync_request_message();
[[nodiscard]] SyncAnswer sync_answer();
[[nodiscard]] record::Bytes sync_answer_message();
[[nodiscard]] ExpectedAnswer expected_answer();
[[nodiscard]] QuestionRequest question();
[[nodiscard]] record::Bytes question_message();
[[nodiscard]] QuestionAnswer question_answer();
[[nodiscard]] BlobRequest blob_request();
[[nodiscard]] record::Bytes blob_message();
[[nodiscard]] BlobAnswer blob_answer();
[[nodiscard]] RotationRequest rotation();  // both keys
[[nodiscard]] record::Bytes rotation_message();
[[nodiscard]] record::Bytes rotation_of_the_receipt_key_message();
[[nodiscard]] RotationAnswer rotation_answer();

[[nodiscard]] record::Bytes bytes_of(std::string_view text);

}  // namespace anjungan::wire::test
