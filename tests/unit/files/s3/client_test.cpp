#include "core/files/s3/client.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "core/platform/base/error.hpp"
#include "tests/support/http/scripted_transport.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::s3 {
namespace {

http::Response fault(int status, const std::string& code) {
  http::Response response;
  response.status = status;
  response.body = "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code></Error>";
  return response;
}

http::Response good(const std::string& body = {}) {
  http::Response response;
  response.body = body;
  return response;
}

// What S3 answers to one request after the other; the last one again and again.
class S3WeatherTest : public ::testing::Test {
 protected:
  S3WeatherTest() { write("one"); }

  void write(const std::string& key) const {
    const auto path = folder_ / "credentials";
    testing::write_text(path, "aws_access_key_id = " + key + "\naws_secret_access_key = secret\n");
    ::chmod(path.c_str(), 0600);
  }
  Client& client(std::vector<http::Response> answers) {
    answers_ = std::move(answers);
    asked_ = 0;
    settings_.endpoint = "http://s3.example:80";
    settings_.bucket = "bucket";
    settings_.credentials_file = folder_ / "credentials";
    auto transport = std::make_unique<testing::ScriptedTransport>([this](const http::Request&) {
      const auto n = std::min(asked_++, answers_.size() - 1);
      if (answers_[n].status == 0)
        throw base::Error(base::ErrorKind::unavailable, "cut", "", "connection_broken");
      return answers_[n];
    });
    transport_ = transport.get();
    client_ = std::make_unique<Client>(
        settings_, Means{std::move(transport),
                         base::system_clock(),
                         base::system_random(),
                         {},
                         5,
                         [this](std::chrono::milliseconds time) { pauses_.push_back(time); }});
    return *client_;
  }
  [[nodiscard]] static std::string code_of(const std::function<void()>& act) {
    try {
      act();
    } catch (const base::Error& error) {
      return error.code();
    }
    return "none";
  }
  [[nodiscard]] std::string key_of(std::size_t request) const {
    const auto text =
        testing::ScriptedTransport::header(transport_->requests.at(request), "Authorization");
    const auto begin = text.find("Credential=") + 11;
    return text.substr(begin, text.find('/') - begin);
  }

  testing::TempFolder folder_;
  config::FilesS3 settings_;
  std::vector<http::Response> answers_;
  std::size_t asked_ = 0;
  std::vector<std::chrono::milliseconds> pauses_;
  testing::ScriptedTransport* transport_ = nullptr;  // the client's
  std::unique_ptr<Client> client_;
};

TEST_F(S3WeatherTest, TriesAgainWhileS3IsAway) {
  http::Response cut;
  cut.status = 0;
  client({fault(503, "SlowDown"), cut, fault(500, "InternalError"), good()}).remove("a");
  EXPECT_EQ(asked_, 4U);
  ASSERT_EQ(pauses_.size(), 3U);
  EXPECT_GE(pauses_[2], std::chrono::milliseconds(400));
  EXPECT_LE(pauses_[2], std::chrono::milliseconds(800));
}

TEST_F(S3WeatherTest, GivesUpAfterFiveTries) {
  auto& away = client({fault(503, "SlowDown")});
  EXPECT_EQ(code_of([&] { away.remove("a"); }), "s3_unavailable");
  EXPECT_EQ(asked_, 5U);
}

TEST_F(S3WeatherTest, TriesNothingAgainThatIsRefused) {
  auto& refusing = client({fault(403, "InvalidAccessKeyId")});
  EXPECT_EQ(code_of([&] { refusing.remove("a"); }), "s3_refused");
  EXPECT_EQ(asked_, 1U);
}

TEST_F(S3WeatherTest, ReadsTheCredentialsAgainWhenTheyExpired) {
  auto& asked = client({good(), fault(400, "ExpiredToken"), good()});
  asked.remove("a");
  write("two");
  asked.remove("a");
  EXPECT_EQ(key_of(1), "one");
  EXPECT_EQ(key_of(2), "two");
  answers_ = {fault(400, "ExpiredToken")};
  EXPECT_EQ(code_of([&] { asked.remove("a"); }), "s3_refused");
}

TEST_F(S3WeatherTest, CompletesAgainWhenAnAnswerOf200HoldsAFault) {
  EXPECT_TRUE(client({fault(200, "InternalError"), good("<CompleteMultipartUploadResult/>")})
                  .complete_multipart("a", "id", {{1, "\"e\"", 5}}, 5));
  EXPECT_NE(transport_->requests[1].body.find("<ETag>&quot;e&quot;</ETag>"), std::string::npos);
}

TEST_F(S3WeatherTest, BelievesAnObjectOfThatSizeWhenTheUploadHasGone) {
  auto head = good();
  head.headers = {{"Content-Length", "5"}};
  EXPECT_TRUE(client({fault(404, "NoSuchUpload"), head}).complete_multipart("a", "id", {}, 5));
  EXPECT_EQ(transport_->requests[1].method, "HEAD");
  EXPECT_FALSE(client({fault(404, "NoSuchUpload"), head}).complete_multipart("a", "id", {}, 6));
}

TEST_F(S3WeatherTest, AsksForThePartsPageByPage) {
  const auto parts =
      client({good("<ListPartsResult><IsTruncated>true</IsTruncated><NextPartNumberMarker>1"
                   "</NextPartNumberMarker><Part><PartNumber>1</PartNumber><Size>7</Size></Part>"
                   "</ListPartsResult>"),
              good("<ListPartsResult><IsTruncated>false</IsTruncated><Part><PartNumber>2"
                   "</PartNumber><Size>8</Size></Part></ListPartsResult>")})
          .parts("a", "id");
  ASSERT_TRUE(parts);
  ASSERT_EQ(parts->size(), 2U);
  EXPECT_EQ(parts->at(1).size, 8U);
  EXPECT_NE(transport_->requests[1].url.find("part-number-marker=1"), std::string::npos);
}

TEST_F(S3WeatherTest, LeavesTheSchemesOwnPortOutOfTheHost) {
  client({good()}).remove("a");
  EXPECT_EQ(testing::ScriptedTransport::header(transport_->requests[0], "Host"), "s3.example");
  EXPECT_EQ(transport_->requests[0].url, "http://s3.example/bucket/a");
}

TEST_F(S3WeatherTest, PutsTheBucketInFrontOfTheHost) {
  settings_.path_style = false;
  client({good()}).remove("a");
  EXPECT_EQ(transport_->requests[0].url, "http://bucket.s3.example/a");
}

TEST_F(S3WeatherTest, NamesAKeyThatIsMissing) {
  testing::write_text(folder_ / "credentials", "aws_access_key_id = one\n");
  auto& without = client({good()});
  EXPECT_EQ(code_of([&] { without.remove("a"); }), "s3_credentials");
}

}  // namespace
}  // namespace devy::s3
