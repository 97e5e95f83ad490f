// SPDX-License-Identifier: Apache-2.0
#include "sync/agent/manifest_keys.h"

namespace anjungan::agent {

void apply_manifest(store::Identity& identity, record::ByteView message, const wire::KeyManifest& manifest) {
  identity.key_manifest.assign(message.begin(), message.end());
  identity.centre_keys = manifest.signing;
  identity.seal_to.clear();
  for (const auto purpose : {wire::SealingPurpose::centre, wire::SealingPurpose::escrow}) {
    for (const wire::Recipient& recipient : manifest.sealing) {
      if (recipient.purpose == purpose) identity.seal_to.push_back(recipient.public_key);
    }
  }
}

}  // namespace anjungan::agent
