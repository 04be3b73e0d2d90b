// Forms with files: of programs that send a token, and of pages of ours.
#include "core/platform/base/random.hpp"
#include "core/platform/web/login/csrf.hpp"
#include "core/platform/web/login/session_token.hpp"
#include "core/platform/web/session_store.hpp"
#include "tests/integration/daemon/web/files_routes_fixture.hpp"

namespace devy::daemon {
namespace files_form_test {

struct FormField {
  std::string name, value;
  std::string filename = {};  // empty: no file
};

std::string form_body(const std::vector<FormField>& fields) {
  std::string body;
  for (const auto& field : fields) {
    body += "--boundary\r\nContent-Disposition: form-data; name=\"" + field.name + "\"";
    if (!field.filename.empty())
      body += "; filename=\"" + field.filename + "\"\r\nContent-Type: text/x";
    body += "\r\n\r\n" + field.value + "\r\n";
  }
  return body + "--boundary--\r\n";
}

class FormRoutes : public FilesRoutes {
 protected:
  // Alice's browser.
  void log_in() {
    const auto token = login::new_token(base::system_random());
    session_ = token.reveal();
    auto connection = pg::Connection::open(database_.conninfo(), config_.database, "test");
    static_cast<void>(web::begin_session(connection,
                                         {.account = base::AccountId::trusted(value(
                                              "select id from account where username = 'alice'")),
                                          .token_hash = login::token_hash(session_).value()},
                                         {std::chrono::hours(1), std::chrono::hours(1)}));
    csrf_ = login::new_csrf_token(session_, base::system_random());
  }
  [[nodiscard]] testing::RawAnswer send(const std::string& path,
                                        const std::vector<FormField>& fields,
                                        const std::string& who = {},
                                        testing::RawHeaders headers = {}) const {
    headers.emplace_back("Content-Type", "multipart/form-data; boundary=boundary");
    return ask("POST", path, who, form_body(fields), std::move(headers));
  }
  // As a browser sends a form of a page of ours.
  [[nodiscard]] testing::RawAnswer submit(const std::string& path,
                                          const std::vector<FormField>& fields,
                                          testing::RawHeaders more = {}) const {
    more.emplace_back("Cookie", "__Host-devy=" + session_);
    more.emplace_back("Sec-Fetch-Site", "same-origin");
    return send(path, fields, "", std::move(more));
  }

  std::string session_, csrf_;
};

TEST_F(FormRoutes, TakesFilesOfPrograms) {
  start();
  const auto answer =
      send("/v1/files", {{"file", "hello", "a.txt"}, {"other", "", "empty"}}, "ghp_alice");
  ASSERT_EQ(answer.status, 201) << answer.body;
  const auto files = Document::parse(answer.body)["files"];
  EXPECT_EQ(files[0]["name"], "a.txt");
  EXPECT_EQ(files[0]["state"], "permanent");
  EXPECT_EQ(files[1]["size"], 0);
  const auto temporary =
      Document::parse(send("/v1/files?temporary=true", {{"f", "x", "b"}}, "ghp_alice").body);
  EXPECT_EQ(temporary["files"][0]["state"], "temporary");
  const auto by_field =
      Document::parse(send("/upload_temporary", {{"f", "x", "c"}}, "ghp_alice").body);
  EXPECT_EQ(by_field["files"][0]["state"], "temporary");
  EXPECT_EQ(Document::parse(send("/upload", {{"temporary", "on"}, {"f", "x", "d"}}, "ghp_alice")
                                .body)["files"][0]["state"],
            "temporary");
  const auto kept =
      send("/upload", {{"upload_token", by_field["token"]}, {"f", "y", "e"}}, "ghp_alice");
  EXPECT_EQ(Document::parse(kept.body)["success"], true) << kept.body;
  EXPECT_EQ(Document::parse(kept.body)["files"].size(), 2U);
  EXPECT_EQ(value("select string_agg(name, '' order by name) from file where state = "
                  "'permanent' and size = 1"),
            "ce");
  EXPECT_EQ(differences(), "");
}

TEST_F(FormRoutes, TakesAFormWholeOrNotAtAll) {
  config_.files.file_bytes_max = 10;
  start();
  const FormField good{"f", "hello", "a.txt"};
  for (const auto& [fields, status] : std::vector<std::pair<std::vector<FormField>, int>>{
           {{good, {"f", "01234567890", "long"}}, 413},
           {{good, {"f", "x", "../b"}}, 422},
           {{good, {"unknown", "x"}}, 400},
           {{good, {"temporary", "on"}}, 400},
           {{good, {"upload_token", "dvf_x"}}, 400},
           {{good, {"upload_token", "dvf_" + std::string(43, 'A')}}, 400},
           {{{"temporary", std::string(5000, 'x')}, good}, 400},
           {{{"temporary", "on"}}, 400}}) {
    const auto answer = send("/v1/files", fields, "ghp_alice");
    EXPECT_EQ(answer.status, status) << answer.body;
  }
  const auto bare = [&](const std::string& type, const std::string& body) {
    return ask("POST", "/upload", "ghp_alice", body, {{"Content-Type", type}}).status;
  };
  EXPECT_EQ(bare("application/json", "[]"), 415);
  EXPECT_EQ(bare("multipart/form-data", "x"), 415);
  EXPECT_EQ(bare("multipart/form-data; boundary=boundary", "--boundary\r\n"), 400);
  EXPECT_EQ(value("select count(*) from file where name <> 'a.txt'"), "0");
  EXPECT_EQ(paths("staging"), "");
  EXPECT_EQ(differences(), "");
}

TEST_F(FormRoutes, TakesFormsOfPages) {
  start();
  log_in();
  // What a browser without a script sends: the control that is empty has a file without a name.
  const auto answer =
      submit("/upload", {{"_csrf", csrf_}, {"temporary", "on"}, {"file", "hello", "a.txt"}});
  EXPECT_EQ(answer.status, 303) << answer.body;
  EXPECT_TRUE(answer.has("Location: /files?done=temporary\r\n")) << answer.head;
  EXPECT_EQ(value("select f.name || ' ' || f.state || ' ' || o.login from file f join file_owner o "
                  "on o.id = f.owner_id"),
            "a.txt temporary alice");
  EXPECT_TRUE(submit("/upload", {{"_csrf", csrf_}, {"file", "hello", "b.txt"}})
                  .has("Location: /files?done=uploaded\r\n"));
  const auto part = submit("/upload_temporary", {{"file", "hi", "<c>.txt"}},
                           {{"HX-Request", "true"}, {"X-CSRF-Token", csrf_}});
  EXPECT_EQ(part.status, 200) << part.body;
  EXPECT_NE(part.body.find("&lt;c&gt;.txt"), std::string::npos) << part.body;
  EXPECT_NE(part.body.find("name=\"upload_token\" value=\"dvf_"), std::string::npos) << part.body;
  EXPECT_TRUE(part.has("Content-Security-Policy: default-src 'none'"));
  EXPECT_EQ(differences(), "");
}

TEST_F(FormRoutes, RefusesFormsOfOtherPages) {
  start();
  log_in();
  const FormField file{"file", "hello", "a.txt"}, csrf{"_csrf", csrf_};
  EXPECT_EQ(submit("/upload", {file}).status, 403) << "without a token";
  EXPECT_EQ(submit("/upload", {file, csrf}).status, 403) << "the token has to come first";
  EXPECT_EQ(submit("/upload", {{"_csrf", csrf_ + "x"}, file}).status, 403);
  const testing::RawHeaders cookie{{"Cookie", "__Host-devy=" + session_}};
  EXPECT_EQ(send("/upload", {csrf, file}, "", cookie).status, 403) << "it says no origin";
  EXPECT_EQ(send("/upload", {csrf, file}).status, 401) << "without a session";
  auto elsewhere = cookie;
  elsewhere.emplace_back("Origin", "https://elsewhere.example");
  EXPECT_EQ(send("/upload", {csrf, file}, "", elsewhere).status, 403);
  auto ours = cookie;
  ours.emplace_back("Origin", "https://devy.example");
  EXPECT_EQ(send("/upload", {csrf, file}, "", ours).status, 303);
  // The API takes no session, whoever sends it.
  EXPECT_EQ(submit("/v1/files", {csrf, file}).status, 401);
  const auto page = submit("/upload", {file});
  EXPECT_TRUE(page.has("Content-Type: text/html")) << page.head;
  EXPECT_NE(page.body.find("Load the page again"), std::string::npos) << page.body;
  EXPECT_EQ(value("select count(*) from file"), "1");
  EXPECT_EQ(paths("staging"), "");
}

TEST_F(FormRoutes, BeginsUploadsByTusForPagesAlone) {
  start();
  log_in();
  const auto create = [&](testing::RawHeaders headers) {
    headers.emplace_back("Cookie", "__Host-devy=" + session_);
    headers.emplace_back("Tus-Resumable", "1.0.0");
    headers.emplace_back("Upload-Length", "3");
    return ask("POST", "/files", "", "", std::move(headers));
  };
  EXPECT_EQ(create({{"Sec-Fetch-Site", "same-origin"}, {"X-CSRF-Token", csrf_}}).status, 201);
  EXPECT_EQ(create({{"Sec-Fetch-Site", "same-origin"}}).status, 403);
  EXPECT_EQ(create({{"Sec-Fetch-Site", "same-origin"}, {"X-CSRF-Token", "x"}}).status, 403);
  EXPECT_EQ(create({{"Sec-Fetch-Site", "cross-site"}, {"X-CSRF-Token", csrf_}}).status, 403);
  EXPECT_EQ(value("select count(*) from file"), "1");
}

// An open upload is a file whose bytes come: the API shows how many have, and ends it.
TEST_F(FormRoutes, ShowsAndEndsOpenUploads) {
  start();
  const auto created = ask("POST", "/files", "ghp_alice", "abc",
                           {{"Tus-Resumable", "1.0.0"},
                            {"Upload-Length", "5"},
                            {"Content-Type", "application/offset+octet-stream"}});
  ASSERT_EQ(created.status, 201) << created.body;
  const auto listed = Document::parse(ask("GET", "/v1/files", "ghp_alice").body)["files"][0];
  EXPECT_EQ(listed["state"], "receiving");
  EXPECT_EQ(listed["offset"], 3);
  EXPECT_EQ(listed["size"], 5);
  EXPECT_NE(paths("staging"), "");
  const std::string path = "/v1/files/" + std::string(listed["id"]);
  EXPECT_EQ(ask("DELETE", path, "ghp_bob").status, 404);
  EXPECT_EQ(ask("DELETE", path, "ghp_alice").status, 204);
  EXPECT_EQ(ask("DELETE", path, "ghp_alice").status, 404);
  EXPECT_EQ(
      value("select bytes_reserved || ' ' || bytes_used from file_owner where login = 'alice'"),
      "0 0");
  EXPECT_EQ(value("select deleted_by from file"), "github:alice");
  EXPECT_EQ(paths("staging"), "");
  EXPECT_EQ(differences(), "");
}

}  // namespace files_form_test
}  // namespace devy::daemon
