#include "core/publishing/rendering/render_message.hpp"

#include "core/platform/process/message.hpp"

namespace devy::rendering {
namespace {

using snapshot::FileError;

constexpr process::MessageFormat format{.name = "from the rendering process"};

}  // namespace

void fields(auto& message, process::Of<RenderSetup> auto& setup) {
  auto& limits = setup.limits;
  message(limits.markdown_file_bytes_max, limits.html_bytes_max, limits.front_matter_bytes_max,
          limits.render_cpu, setup.options.timezone);
}

void encode(const RenderSetup& setup, std::string& frame) {
  process::Encoder(format, frame)(setup);
}

void encode(const post::SourceFile& file, std::size_t text_bytes_max, std::string& frame) {
  process::Encoder(format, frame)(file.path,
                                  std::string_view(file.text).substr(0, text_bytes_max + 1));
}

void encode(const std::variant<post::Document, FileError>& result, std::string& frame) {
  const auto* document = std::get_if<post::Document>(&result);
  const std::uint64_t body_bytes = document == nullptr ? 0 : document->markdown.size();
  process::Encoder(format, frame)(result, body_bytes);
}

RenderSetup decode_setup(std::string_view frame) {
  return process::decode<RenderSetup>(format, frame);
}

post::SourceFile decode_source(std::string_view frame) {
  process::Decoder message(format, frame);
  post::SourceFile file;
  message(file.path, file.text);
  message.finish();
  return file;
}

post::Rendered decode_result(std::string_view frame, post::SourceFile&& source) {
  process::Decoder message(format, frame);
  std::variant<post::Document, FileError> result;
  std::uint64_t body_bytes = 0;
  message(result, body_bytes);
  message.finish();
  if (auto* document = std::get_if<post::Document>(&result)) {
    if (body_bytes < source.text.size()) source.text.erase(0, source.text.size() - body_bytes);
    document->markdown = std::move(source.text);
  }
  return {std::move(source.path), std::move(result)};
}

}  // namespace devy::rendering
