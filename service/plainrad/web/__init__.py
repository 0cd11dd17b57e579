"""The pages for staff: the radiologist's preview and work list, and the editing of content. Server-rendered, few scripts."""
