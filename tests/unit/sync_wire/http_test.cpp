// SPDX-License-Identifier: Apache-2.0
#include "sync/wire/http.h"

#include <gtest/gtest.h>

namespace anjungan::wire {
namespace {

record::Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

TEST(ContentDigest, MatchesTheExampleOfRfc9530) {
  // RFC 9530, appendix D: sha-256 of {"hello": "world"} and a newline.
  const record::Bytes body = bytes_of("{\"hello\": \"world\"}\n");
  EXPECT_EQ(content_digest(body), "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:");
  EXPECT_TRUE(check_content_digest("sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:", body).has_value());
}

TEST(ContentDigest, OtherAlgorithmsMayStandBeside) {
  const record::Bytes body = bytes_of("x");
  EXPECT_TRUE(check_content_digest("sha-512=:AAAA:, " + content_digest(body), body).has_value());
  EXPECT_TRUE(check_content_digest(content_digest(body) + " ,md5=:AA==:", body).has_value());
}

TEST(ContentDigest, RefusesAMissingOrWrongOne) {
  const record::Bytes body = bytes_of("x");
  for (const std::string& bad :
       {std::string(), std::string("sha-512=:AAAA:"), content_digest(bytes_of("y")), content_digest(body) + "x",
        std::string("sha-256=:AAAA:"), std::string(",,,"), "SHA" + content_digest(body)}) {
    EXPECT_FALSE(check_content_digest(bad, body).has_value()) << bad;
  }
  EXPECT_FALSE(check_content_digest(content_digest(body), bytes_of("x ")).has_value());
}

}  // namespace
}  // namespace anjungan::wire
