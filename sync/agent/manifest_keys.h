// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sync/store/identity.h"
#include "sync/wire/key_manifest.h"

namespace anjungan::agent {

// Puts the keys of a manifest that its root signed into the terminal's identity: whom to seal to (the centre first,
// then escrow) and whose answers to believe. `message` is the manifest as it was signed. The caller saves the identity.
void apply_manifest(store::Identity& identity, record::ByteView message, const wire::KeyManifest& manifest);

}  // namespace anjungan::agent
