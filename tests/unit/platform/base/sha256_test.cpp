#include "core/platform/base/sha256.hpp"
#include "core/platform/base/hex.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace devy::base {
namespace sha256_test {

TEST(Sha256, IsThatOfTheStandardsExamples) {
  EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

std::string of_fields(const std::vector<std::string>& fields) {
  Sha256Stream stream;
  for (const auto& field : fields)
    stream.field(field);
  return to_hex(stream.finish());
}

TEST(Sha256Stream, KnowsWhereAFieldEnds) {
  EXPECT_EQ(of_fields({"a", "bc"}), of_fields({"a", "bc"}));
  EXPECT_NE(of_fields({"a", "bc"}), of_fields({"ab", "c"}));
  EXPECT_NE(of_fields({"a"}), of_fields({"a", ""}));
}

}  // namespace sha256_test
}  // namespace devy::base
