#include "core/platform/base/error.hpp"

#include <gtest/gtest.h>

namespace devy::base {
namespace error_test {

TEST(Error, UsesTheNameOfItsKindAsCodeUnlessGiven) {
  EXPECT_EQ(Error(ErrorKind::busy, "text").code(), "busy");
  EXPECT_EQ(Error(ErrorKind::busy, "text", "", "database_busy").code(), "database_busy");
}

TEST(Error, MapsEveryKindToAnExitCode) {
  struct Row {
    ErrorKind kind;
    int exit_code;
    bool is_retryable;
    int http_status;
  };
  for (const auto& row :
       {Row{ErrorKind::usage, 2, false, 400}, Row{ErrorKind::config, 2, false, 500},
        Row{ErrorKind::not_found, 4, false, 404}, Row{ErrorKind::conflict, 5, false, 409},
        Row{ErrorKind::rejected, 1, false, 422}, Row{ErrorKind::denied, 6, false, 403},
        Row{ErrorKind::busy, 1, true, 429}, Row{ErrorKind::unavailable, 1, true, 503},
        Row{ErrorKind::stopped, 130, true, 503}, Row{ErrorKind::internal, 1, true, 500}}) {
    EXPECT_EQ(exit_code(Error(row.kind, "")), row.exit_code) << to_string(row.kind);
    EXPECT_EQ(is_retryable(row.kind), row.is_retryable) << to_string(row.kind);
    EXPECT_EQ(http_status(row.kind), row.http_status) << to_string(row.kind);
    EXPECT_EQ(parse_kind(to_string(row.kind)), row.kind);
  }
  EXPECT_EQ(parse_kind("another"), ErrorKind::internal);
}

TEST(Error, TakesOnlyWhatIsAwayOrInTheWayForPassing) {
  EXPECT_TRUE(is_passing(ErrorKind::unavailable));
  EXPECT_TRUE(is_passing(ErrorKind::busy));
  for (const auto kind :
       {ErrorKind::usage, ErrorKind::config, ErrorKind::not_found, ErrorKind::conflict,
        ErrorKind::rejected, ErrorKind::denied, ErrorKind::stopped, ErrorKind::internal})
    EXPECT_FALSE(is_passing(kind)) << to_string(kind);
}

TEST(Error, HasItsOwnExitCodeForAnUnreachableDatabase) {
  EXPECT_EQ(exit_code(Error(ErrorKind::unavailable, "", "", "database_unavailable")), 7);
  EXPECT_EQ(exit_code(Error(ErrorKind::unavailable, "", "", "remote_unavailable")), 1);
}

}  // namespace error_test
}  // namespace devy::base
