#include "daemon/web/files_form.hpp"

#include <algorithm>

#include "core/files/intake/multipart.hpp"
#include "core/files/store/file_store.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/http/server/query.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/web/login/csrf.hpp"
#include "daemon/web/api_answer.hpp"
#include "daemon/web/files_api_answer.hpp"
#include "daemon/web/files_form_answer.hpp"
#include "daemon/web/files_upload_sink.hpp"

namespace devy::daemon {
namespace {

using base::Error;
using base::ErrorKind;
using json::Json;

constexpr std::uint64_t form_slack_bytes = config::mebibyte;  // boundaries, headers, fields
constexpr std::size_t field_bytes_max = 4096;
constexpr std::size_t kept_tokens_max = 20;

[[noreturn]] void refuse_field(std::string field, std::string message) {
  throw intake::Malformed(std::nullopt, std::move(field), std::move(message));
}

void check_persisted(const std::string& outcome) {
  if (outcome == "good") return;
  if (outcome == "used")
    throw Error(ErrorKind::conflict, "unable to keep the files: they were kept for something else",
                "Upload them again.", "token_used");
  if (outcome == "not_ready")
    throw Error(ErrorKind::conflict, "unable to keep the files: one of them is not whole yet",
                "Wait until it is, then send the form again.", "not_ready");
  throw Error(ErrorKind::rejected, "unable to keep the files: they are gone, or another's",
              "Upload them again.", outcome == "expired" ? "token_expired" : "token_unknown");
}

struct FormSetup {
  FormReader reader;               // who reads the answer
  std::string session_token = {};  // of a page whose `_csrf` is still to come; else empty
  bool is_temporary = false;
};

class FormSink final : public UploadSink, private intake::FormHandler {
 public:
  FormSink(FilesCall& call, FormSetup setup, const std::string& boundary)
      : UploadSink(call, {call.owner, setup.is_temporary, !setup.is_temporary}, "form",
                   announced_bytes(call.request)),
        setup_(std::move(setup)),
        by_(call.caller.name),
        reader_(*this, boundary) {}

 private:
  enum class Part { field, file, none };

  void receive(std::string_view slice) override { reader_.add(slice); }
  void receive_end() override {
    reader_.finish();
    check_sender();
    if (files_ == 0 && tokens_.empty())
      throw Error(ErrorKind::rejected, "unable to take the upload: the form has no file",
                  "Choose a file first.", "no_file");
  }
  receive::Stored store() override {
    auto stored = files_ > 0 ? UploadSink::store() : receive::Stored();
    // Files that are still wanted for a while alone wait for another form.
    if (!purpose().is_temporary)
      parts().sessions.with([&](pg::Connection& connection) { keep_batches(connection, stored); });
    return stored;
  }
  http::Response answer(const receive::Stored& stored) override {
    return form_answer(setup_.reader, stored, purpose().is_temporary);
  }
  http::Response refusal(http::Response response) const override {
    return form_refusal(setup_.reader, std::move(response));
  }

  void begin_part(const intake::FormPart& part) override {
    name_ = part.name;
    value_.clear();
    part_ = Part::field;
    if (!part.filename) return;
    // A browser sends this of a control in which nothing was chosen.
    part_ = part.filename->empty() ? Part::none : Part::file;
    if (part_ == Part::none) return;
    check_sender();
    filename_ = *part.filename;
    type_ = part.type;
    batch().begin_file();
    ++files_;
  }
  void part_bytes(std::string_view bytes) override {
    switch (part_) {
      case Part::file: batch().write(bytes); return;
      case Part::none: refuse_field("file", "A file has no name.");
      case Part::field:
        if (value_.size() + bytes.size() > field_bytes_max)
          refuse_field("body", "A field is too long.");
        value_ += bytes;
        return;
    }
  }
  void end_part() override {
    if (part_ == Part::file) batch().end_file(filename_, type_);
    else if (part_ == Part::field) put_field();
  }

  void put_field() {
    if (name_ == login::csrf_field) {
      if (!setup_.session_token.empty() && login::is_csrf_token(setup_.session_token, value_))
        setup_.session_token.clear();
    } else if (name_ == "temporary") {
      if (files_ > 0) refuse_field("temporary", "Must stand before the files.");
      if (value_ != "false") make_temporary();
    } else if (name_ == "upload_token") {
      const auto digest = receive::token_digest(value_);
      if (!digest || tokens_.size() == kept_tokens_max)
        refuse_field("upload_token", "Is no token, or one too many.");
      if (std::ranges::find(tokens_, *digest) == tokens_.end()) tokens_.push_back(*digest);
    } else {
      refuse_field("body",
                   "There is no such field; a form has _csrf, temporary, upload_token and files.");
    }
  }

  // Before anything is done for a page: it has to be one of ours.
  void check_sender() const {
    if (setup_.session_token.empty()) return;
    throw Error(
        ErrorKind::rejected,
        "unable to take the upload: the field _csrf is missing before the files, or too old",
        "Load the page again, and send it once more.", "forbidden");
  }

  void keep_batches(pg::Connection& connection, receive::Stored& stored) const {
    pg::Transaction transaction(connection);
    for (const auto& token : tokens_) {
      const auto persisted =
          files::persist(connection, {.token = token, .owner = purpose().owner, .by = by_});
      check_persisted(persisted.outcome);
      for (auto& file : files::files_of_token(connection, token))
        stored.files.push_back(std::move(file));
    }
    transaction.commit();
  }

  FormSetup setup_;
  const std::string by_;
  intake::MultipartReader reader_;
  Part part_ = Part::none;
  std::string name_, value_, filename_, type_;
  std::vector<base::Sha256> tokens_;
  std::size_t files_ = 0;
};

server::Opening open_form(FilesCall& call, FormSetup setup) {
  const auto boundary = intake::boundary_of(call.request.header("Content-Type"));
  if (!boundary)
    return form_refusal(setup.reader,
                        file_refusal(415, "unsupported_type", "the body must be a form with files",
                                     "Send it as multipart/form-data."));
  if (call.caller.has_session && !call.caller.is_form_known)
    setup.session_token = call.caller.session_token.reveal();
  try {
    return std::make_shared<FormSink>(call, setup, *boundary);
  } catch (const Error& error) {
    return form_refusal(setup.reader, file_error_answer(error, "upload"));
  }
}

server::Opening open_page_form(FilesCall& call, bool is_temporary) {
  return open_form(call, {.reader = form_reader(call.request), .is_temporary = is_temporary});
}

}  // namespace

std::uint64_t form_bytes_max(const config::Files& settings) {
  return settings.request_bytes_max + form_slack_bytes;
}

server::Opening open_api_form(FilesCall& call) {
  const auto temporary = server::read_query(call.request).line("temporary").value_or("false");
  return open_form(call,
                   {.reader = FormReader::program_of_v1, .is_temporary = temporary == "true"});
}

std::vector<FilesRoute> file_form_routes(const config::Files& settings) {
  std::vector<FilesRoute> routes;
  for (const bool is_temporary : {false, true}) {
    FilesRoute route;
    route.method = "POST";
    route.path = is_temporary ? "/upload_temporary" : "/upload";
    route.body_bytes_max = form_bytes_max(settings);
    route.open = [is_temporary](FilesCall& call) { return open_page_form(call, is_temporary); };
    route.complete = [](const server::ReceivedRequest& request, http::Response& response) {
      // Refused before the form was looked at: by who sends it.
      response = form_refusal(form_reader(request), std::move(response));
    };
    route.session = FilesSession::in_form;
    routes.push_back(std::move(route));
  }
  return routes;
}

}  // namespace devy::daemon
