#include "core/files/s3/client.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "core/platform/base/error.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/http/httplib_transport.hpp"
#include "tests/support/process/memory_file.hpp"
#include "tests/support/process/peer.hpp"
#include "tests/support/s3/swift.hpp"

namespace devy::s3 {
namespace {

http::FileRange file_of(const std::string& bytes) {
  const testing::MemoryFile file(bytes);
  return {std::make_shared<const base::Descriptor>(::dup(file.descriptor())), 0, bytes.size()};
}

class S3ClientTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string key(const std::string& name) const { return settings_.prefix + name; }
  void put(const std::string& name, const std::string& bytes) {
    client_->put(key(name), file_of(bytes), base::sha256(bytes));
  }
  [[nodiscard]] std::string get(const std::string& name) {
    std::string bytes;
    constexpr std::uint64_t bytes_max = std::uint64_t{64} * 1024 * 1024;
    if (!client_->get(key(name), bytes_max, [&](std::string_view piece) {
          bytes += piece;
          return true;
        }))
      return "absent";
    return bytes;
  }
  [[nodiscard]] std::string code_of(const std::function<void()>& act) {
    try {
      act();
    } catch (const base::Error& error) {
      return error.code();
    }
    return "none";
  }
  // Sends a part of those bytes.
  Part send_part(const std::string& name, const std::string& id, int number,
                 const std::string& bytes) {
    return {number, client_->put_part(key(name), id, number, file_of(bytes), base::sha256(bytes)),
            bytes.size()};
  }

  config::FilesS3 settings_ = testing::Swift::shared().settings();
  std::unique_ptr<Client> client_ = make_client(settings_);
};

constexpr std::size_t part_bytes = 5UL * 1024 * 1024;

TEST_F(S3ClientTest, PutsReadsAndDeletesObjects) {
  put("a b/ä", "hello");
  EXPECT_EQ(get("a b/ä"), "hello");
  EXPECT_EQ(client_->size_of(key("a b/ä")), 5U);
  client_->remove(key("a b/ä"));
  EXPECT_EQ(client_->size_of(key("a b/ä")), std::nullopt);
  EXPECT_EQ(get("a b/ä"), "absent");
  client_->remove(key("a b/ä"));
}

TEST_F(S3ClientTest, PutsAnEmptyObject) {
  put("empty", "");
  EXPECT_EQ(client_->size_of(key("empty")), 0U);
}

TEST_F(S3ClientTest, PutsARangeOfAFile) {
  auto range = file_of("0123456789");
  range.offset = 3;
  range.length = 4;
  client_->put(key("range"), range, base::sha256("3456"));
  EXPECT_EQ(get("range"), "3456");
}

TEST_F(S3ClientTest, DoesNotStoreBytesOfAnotherDigest) {
  const auto client = make_client(settings_, {}, 1);
  EXPECT_EQ(code_of([&] { client->put(key("other"), file_of("hello"), base::sha256("hallo")); }),
            "s3_unavailable");
  EXPECT_EQ(client_->size_of(key("other")), std::nullopt);
}

TEST_F(S3ClientTest, ListsOnlyWhatIsBelowItsPrefix) {
  put("1", "a");
  put("2", "bcd");
  std::vector<std::string> found;
  client_->list([&](const Object& object) {
    found.push_back(object.key + "=" + std::to_string(object.size));
    EXPECT_LT(std::chrono::abs(object.written_at - base::system_clock().now()),
              std::chrono::minutes(10));
  });
  EXPECT_EQ(found, (std::vector<std::string>{key("1") + "=1", key("2") + "=3"}));
}

TEST_F(S3ClientTest, SendsAnObjectInParts) {
  const std::string first(part_bytes, 'a'), last = "end";
  const auto id = client_->begin_multipart(key("parts"));
  std::vector<Part> parts{send_part("parts", id, 1, first), send_part("parts", id, 2, last)};
  const auto known = client_->parts(key("parts"), id);
  ASSERT_TRUE(known);
  ASSERT_EQ(known->size(), 2U);
  EXPECT_EQ(known->at(0).number, 1);
  EXPECT_EQ(known->at(0).size, part_bytes);
  EXPECT_EQ(known->at(1).size, last.size());
  std::vector<std::string> open;
  client_->list_multiparts([&](const OpenMultipart& multipart) {
    open.push_back(multipart.key);
    EXPECT_EQ(multipart.id, id);
  });
  EXPECT_EQ(open, std::vector{key("parts")});
  EXPECT_TRUE(client_->complete_multipart(key("parts"), id, *known, part_bytes + last.size()));
  EXPECT_EQ(get("parts"), first + last);
  // The answer was lost: it is asked again.
  EXPECT_TRUE(client_->complete_multipart(key("parts"), id, *known, part_bytes + last.size()));
}

TEST_F(S3ClientTest, SaysThatAnUploadInPartsHasGone) {
  const auto id = client_->begin_multipart(key("gone"));
  const auto part = send_part("gone", id, 1, "x");
  client_->abort_multipart(key("gone"), id);
  client_->abort_multipart(key("gone"), id);
  EXPECT_FALSE(client_->parts(key("gone"), id));
  EXPECT_FALSE(client_->complete_multipart(key("gone"), id, {part}, 1));
  EXPECT_EQ(code_of([&] { send_part("gone", id, 1, "x"); }), "s3_upload_gone");
}

TEST_F(S3ClientTest, NamesWhatIsRefused) {
  const testing::TempFolder folder;
  settings_.credentials_file = folder / "wrong";
  testing::write_credentials(folder / "wrong", "test:tester", "wrong");
  const auto wrong = make_client(settings_);
  try {
    static_cast<void>(wrong->begin_multipart(key("a")));
    FAIL() << "S3 takes a wrong key";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "s3_refused");
    EXPECT_NE(error.text().find("SignatureDoesNotMatch"), std::string::npos) << error.text();
  }
  settings_ = testing::Swift::shared().settings();
  settings_.bucket = "another";
  EXPECT_EQ(code_of([&] { make_client(settings_)->list([](const Object&) {}); }), "s3_refused");
  settings_ = testing::Swift::shared().settings();
  settings_.region = "eu-west-1";
  EXPECT_EQ(code_of([&] { make_client(settings_)->list([](const Object&) {}); }), "s3_refused");
}

TEST_F(S3ClientTest, GivesAnAddressThatIsGoodForAnybody) {
  put("shared", "hello, world");
  const auto address = client_->address(
      key("shared"), {.media_type = "image/png", .disposition = "inline; filename=\"a b.png\""});
  const auto transport = http::make_httplib_transport({});
  const auto whole = transport->send({"GET", address, {}, {}});
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(whole.body, "hello, world");
  EXPECT_EQ(whole.header("Content-Type"), "image/png");
  EXPECT_EQ(whole.header("Content-Disposition"), "inline; filename=\"a b.png\"");
  const auto part = transport->send({"GET", address, {{"Range", "bytes=7-"}}, {}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "world");
  auto altered = address;
  altered.replace(altered.find("image"), 5, "video");
  EXPECT_EQ(transport->send({"GET", altered, {}, {}}).status, 403);
}

TEST_F(S3ClientTest, IsReadByAmazonsOwnClient) {
  const std::string first(part_bytes, 'q');
  put("ab/one", "hello");
  const auto id = client_->begin_multipart(key("ab/two"));
  EXPECT_TRUE(client_->complete_multipart(
      key("ab/two"), id, {send_part("ab/two", id, 1, first), send_part("ab/two", id, 2, "x")},
      part_bytes + 1));
  const auto said = testing::run_peer("s3_reader.mjs", {settings_.endpoint, settings_.prefix});
  EXPECT_EQ(said, (std::vector<std::string>{
                      key("ab/one") + " " + base::to_hex(base::sha256("hello")),
                      key("ab/two") + " " + base::to_hex(base::sha256(first + "x")), "open 0"}));
}

}  // namespace
}  // namespace devy::s3
