#include <nlohmann/json.hpp>

#include "tests/e2e/cli/blog_fixture.hpp"

// `open`: the address of what is named.

namespace devy::testing {
namespace open_test {

using OpenCommand = BlogFixture;

TEST_F(OpenCommand, PrintsTheAddressOfWhatIsNamed) {
  static_cast<void>(json({"trigger", "alice/blog", "--here"}));
  EXPECT_EQ(run({"open", "alice/blog"}).out, "https://devy.example/alice/blog\n");
  EXPECT_EQ(json({"open", "blog", "hello"})["url"], "https://devy.example/alice/blog/hello");
  const auto refused = run({"open", "alice/blog", "--repository"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_NE(refused.err.find("browsers cannot show it"), std::string::npos) << refused.err;
}

}  // namespace open_test
}  // namespace devy::testing
