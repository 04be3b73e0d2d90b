#include "core/platform/base/base64.hpp"

#include <gtest/gtest.h>

namespace devy::base {
namespace base64_test {

// RFC 4648, section 10.
TEST(Base64Test, EncodesAndDecodes) {
  const std::string texts[] = {"", "f", "fo", "foo", "foob", "fooba", "foobar"};
  const std::string usual[] = {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
  for (std::size_t i = 0; i < std::size(texts); ++i) {
    EXPECT_EQ(encode_base64(texts[i]), usual[i]);
    EXPECT_EQ(decode_base64(usual[i]), texts[i]);
    EXPECT_EQ(decode_base64url(encode_base64url(texts[i])), texts[i]);
  }
  EXPECT_EQ(encode_base64("\xfb\xff\xbf"), "+/+/");
  EXPECT_EQ(encode_base64url("\xfb\xff\xbf"), "-_-_");
  EXPECT_EQ(encode_base64url("f"), "Zg");
}

TEST(Base64Test, HasOneSpelling) {
  for (const auto* bad :
       {"Zg", "Zg=", "Zh==", "Zm9=", "Zg==\n", "-_-_", "Z===", "====", "Zm9v===="})
    EXPECT_EQ(decode_base64(bad), std::nullopt) << bad;
  for (const auto* bad : {"Zg==", "Zh", "Z", "+/+/", "Zm 9v"})
    EXPECT_EQ(decode_base64url(bad), std::nullopt) << bad;
}

}  // namespace base64_test
}  // namespace devy::base
