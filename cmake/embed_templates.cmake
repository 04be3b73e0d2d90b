# Writes SOURCE with the texts of all TEMPLATES. The delimiter of a raw string keeps quotes and
# brackets out of the way.
set(entries "")
foreach(template ${TEMPLATES})
  get_filename_component(file ${template} NAME_WE)
  file(READ ${template} text)
  string(APPEND entries "    {\"${file}\", R\"embedded(${text})embedded\"},\n")
endforeach()
file(WRITE ${SOURCE} "#include \"core/platform/web/html/embedded_templates.hpp\"
namespace devy::html {
namespace {
constexpr TemplateSource sources[] = {
")
file(APPEND ${SOURCE} "${entries}")
file(APPEND ${SOURCE} "};
}  // namespace
std::span<const TemplateSource> embedded_templates() {
  return sources;
}
}  // namespace devy::html
")
