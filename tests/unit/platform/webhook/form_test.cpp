#include "core/platform/webhook/form.hpp"

#include <gtest/gtest.h>

namespace devy::webhook {
namespace form_test {

TEST(Form, DecodesItsPayload) {
  EXPECT_EQ(payload_of_form("payload=%7B%22a%22%3A+1%7D"), "{\"a\": 1}");
  EXPECT_EQ(payload_of_form("x=1&payload=a%2bb%26c&y=2"), "a+b&c");
  EXPECT_EQ(payload_of_form("payload=a=b"), "a=b");
  EXPECT_EQ(payload_of_form("payload="), "");
}

TEST(Form, HasNoPayloadWhenItIsMissingTwiceOrBroken) {
  EXPECT_EQ(payload_of_form(""), std::nullopt);
  EXPECT_EQ(payload_of_form("{\"a\": 1}"), std::nullopt);
  EXPECT_EQ(payload_of_form("Payload=1"), std::nullopt);
  EXPECT_EQ(payload_of_form("xpayload=1"), std::nullopt);
  EXPECT_EQ(payload_of_form("payload=1&payload=2"), std::nullopt);
  EXPECT_EQ(payload_of_form("payload=%"), std::nullopt);
  EXPECT_EQ(payload_of_form("payload=%4"), std::nullopt);
  EXPECT_EQ(payload_of_form("payload=%4g"), std::nullopt);
}

}  // namespace form_test
}  // namespace devy::webhook
