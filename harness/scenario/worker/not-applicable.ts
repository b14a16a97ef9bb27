/** How the note of a test begins that was skipped because the tree has nothing that its step could look at. */
export const notApplicableNote = "not applicable: ";
