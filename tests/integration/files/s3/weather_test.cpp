// A real S3 behind a line that fails: answers of an S3 that is busy, requests that are cut, answers
// that are swallowed; and a clock that is wrong.
#include <gtest/gtest.h>
#include <unistd.h>

#include "core/files/s3/client.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/http/httplib_transport.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/process/memory_file.hpp"
#include "tests/support/s3/swift.hpp"

namespace devy::s3 {
namespace weather_test {

enum class Trouble { none, busy, slow_down, cut, swallowed };

// Does to each request what comes next in the list; then nothing.
class TroubledTransport final : public http::Transport {
 public:
  explicit TroubledTransport(std::vector<Trouble> troubles) : troubles_(std::move(troubles)) {}

  http::Response send(const http::Request& request, const http::OnBody& on_body) override {
    const auto trouble = next_ < troubles_.size() ? troubles_[next_++] : Trouble::none;
    http::Response answer;
    switch (trouble) {
      case Trouble::none: return real_->send(request, on_body);
      case Trouble::busy: answer.status = 503; return answer;
      case Trouble::slow_down:
        answer.status = 503;
        answer.body = "<Error><Code>SlowDown</Code></Error>";
        return answer;
      case Trouble::cut: break;
      case Trouble::swallowed: static_cast<void>(real_->send(request, {})); break;
    }
    throw base::Error(base::ErrorKind::unavailable, "the line was cut", "", "connection_broken");
  }

 private:
  const std::vector<Trouble> troubles_;
  std::size_t next_ = 0;
  std::unique_ptr<http::Transport> real_ = http::make_httplib_transport({});
};

class S3InBadWeather : public ::testing::Test {
 protected:
  Client client(std::vector<Trouble> troubles, const base::Clock& clock = base::system_clock()) {
    return {settings_, Means{std::make_unique<TroubledTransport>(std::move(troubles)),
                             clock,
                             base::system_random(),
                             {},
                             5,
                             [](std::chrono::milliseconds) {}}};
  }
  [[nodiscard]] static http::FileRange file_of(const std::string& bytes) {
    const testing::MemoryFile file(bytes);
    return {std::make_shared<const base::Descriptor>(::dup(file.descriptor())), 0, bytes.size()};
  }
  [[nodiscard]] std::string key(const std::string& name) const { return settings_.prefix + name; }

  const config::FilesS3 settings_ = testing::Swift::shared().settings();
};

constexpr auto all_troubles = {Trouble::busy, Trouble::slow_down, Trouble::cut, Trouble::swallowed};

TEST_F(S3InBadWeather, StoresAndDeletesAnObjectInTheEnd) {
  for (const auto trouble : all_troubles) {
    auto troubled = client({trouble, Trouble::none, trouble, Trouble::none, trouble});
    troubled.put(key("a"), file_of("hello"), base::sha256("hello"));
    EXPECT_EQ(troubled.size_of(key("a")), 5U);
    troubled.remove(key("a"));
    EXPECT_EQ(troubled.size_of(key("a")), std::nullopt);
  }
}

TEST_F(S3InBadWeather, CompletesAnObjectInPartsOnce) {
  for (const auto trouble : all_troubles) {
    auto troubled = client({trouble, Trouble::none, trouble, Trouble::none, trouble, Trouble::none,
                            trouble, Trouble::none});
    const auto id = troubled.begin_multipart(key("b"));
    const std::string bytes = "one part";
    const auto etag = troubled.put_part(key("b"), id, 1, file_of(bytes), base::sha256(bytes));
    const auto parts = troubled.parts(key("b"), id);
    ASSERT_TRUE(parts);
    ASSERT_EQ(parts->size(), 1U);
    EXPECT_EQ(parts->front().etag, etag);
    EXPECT_TRUE(troubled.complete_multipart(key("b"), id, *parts, bytes.size()));
    EXPECT_EQ(troubled.size_of(key("b")), bytes.size());
    troubled.remove(key("b"));
  }
  // What the swallowed answers have begun is left to the clean-up.
  auto calm = client({});
  calm.list_multiparts([&](const OpenMultipart& open) { calm.abort_multipart(open.key, open.id); });
}

TEST_F(S3InBadWeather, NamesAClockThatIsWrong) {
  const testing::HandClock late(base::system_clock().now() - std::chrono::hours(1));
  auto skewed = client({}, late);
  try {
    skewed.remove(key("c"));
    FAIL() << "S3 takes a signature of an hour ago";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "s3_refused");
    EXPECT_NE(error.text().find("RequestTimeTooSkewed"), std::string::npos) << error.text();
    EXPECT_NE(error.hint().find("clock"), std::string::npos);
  }
}

TEST_F(S3InBadWeather, GivesAddressesThatEnd) {
  const testing::HandClock before(base::system_clock().now() - std::chrono::minutes(6));
  client({}).put(key("d"), file_of("hello"), base::sha256("hello"));
  const auto transport = http::make_httplib_transport({});
  EXPECT_EQ(transport->send({"GET", client({}).address(key("d"), {}), {}, {}}).status, 200);
  EXPECT_EQ(transport->send({"GET", client({}, before).address(key("d"), {}), {}, {}}).status, 403);
}

}  // namespace weather_test
}  // namespace devy::s3
