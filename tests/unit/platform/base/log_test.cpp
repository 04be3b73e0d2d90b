#include "core/platform/base/log.hpp"

#include <gtest/gtest.h>

namespace devy::base::log {
namespace log_test {

TEST(LogLine, IsLogfmtOrJson) {
  EXPECT_EQ(format_line("upload published", {{"posts", 3}, {"commit", "ab\"c\n"}}, Format::logfmt),
            R"(event="upload published" posts=3 commit="ab\"c\\n")");
  EXPECT_EQ(format_line("upload published", {{"is_new", true}}, Format::json),
            R"("event":"upload published","is_new":true})");
}

TEST(LogLine, EndsWithTheContextOfItsProcess) {
  const Scope outer({{"operation", "1"}, {"attempt", 2}});
  {
    const Scope inner({{"delivery", "1"}, {"repository", "https://user:secret@host/a"}});
    const auto line = format_line("tree read", {{"attempt", 7}}, Format::logfmt);
    EXPECT_TRUE(line.starts_with(R"(event="tree read" attempt=7 operation="1" delivery="1")"))
        << line;
    EXPECT_EQ(line.find("secret"), std::string::npos) << line;
  }
  EXPECT_EQ(format_line("gone", {}, Format::json),
            R"("event":"gone","operation":"1","attempt":2})");
}

}  // namespace log_test
}  // namespace devy::base::log
