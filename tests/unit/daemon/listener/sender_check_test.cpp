#include "daemon/listener/sender_check.hpp"

#include <gtest/gtest.h>

namespace devy::daemon {
namespace sender_check_test {

TEST(SenderCheck, ReadsTheRangesOfAMetaDocument) {
  EXPECT_EQ(ranges_of(R"({"hooks":["192.30.252.0/22","2a0a:a440::/29"],"web":[]})")->size(), 2U);
  for (const auto* text : {"", "[]", "{}", R"({"hooks":[]})", R"({"hooks":["x"]})",
                           R"({"hooks":[1]})", R"({"hooks":"10.0.0.0/8"})"})
    EXPECT_FALSE(ranges_of(text)) << text;
}

}  // namespace sender_check_test
}  // namespace devy::daemon
