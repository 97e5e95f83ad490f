// SPDX-License-Identifier: Apache-2.0
#include "sync/record/sealing.h"

#include <gtest/gtest.h>

namespace anjungan::record {
namespace {

TEST(Sealing, BothRecipientsOpenItAndNobodyElse) {
  const SealingKey centre = SealingKey::generate();
  const SealingKey escrow = SealingKey::generate();
  const SealContext context{"3273-0012", 9, Uuid::make(0)};
  auto key = DataKey::prepare({centre.public_key(), escrow.public_key()});
  ASSERT_TRUE(key);
  const Sealed sealed = std::move(*key).seal(context, view_of("Ada lubang besar"));
  for (const SealingKey* one : {&centre, &escrow}) {
    auto plain = open_sealed(sealed, context, *one);
    ASSERT_TRUE(plain);
    EXPECT_EQ(to_text(*plain), "Ada lubang besar");
  }
  EXPECT_FALSE(open_sealed(sealed, context, SealingKey::generate()));
}

TEST(Sealing, IsTiedToItsEvent) {
  const SealingKey centre = SealingKey::generate();
  const SealContext context{"3273-0012", 9, Uuid::make(0)};
  auto key = DataKey::prepare({centre.public_key()});
  ASSERT_TRUE(key);
  const Sealed sealed = std::move(*key).seal(context, view_of("rahasia"));
  EXPECT_FALSE(open_sealed(sealed, {"3273-0013", 9, context.id}, centre));
  EXPECT_FALSE(open_sealed(sealed, {"3273-0012", 10, context.id}, centre));
  EXPECT_FALSE(open_sealed(sealed, {"3273-0012", 9, Uuid::make(1)}, centre));
  for (std::size_t at = 0; at < sealed.cipher.size(); at++) {
    Sealed wrong = sealed;
    wrong.cipher[at] ^= 1;
    EXPECT_FALSE(open_sealed(wrong, context, centre)) << at;
  }
}

TEST(Sealing, NeedsARecipient) {
  EXPECT_FALSE(DataKey::prepare({}));
  EXPECT_FALSE(DataKey::prepare(std::vector<PublicKey>(5)));
}

}  // namespace
}  // namespace anjungan::record
