/** The variable that marks every process of a study, whatever its process group. Its value is the study's id. */
export const MARKER = "HPO_STUDY_MARKER";
/** The variable that marks those of one coordinator's life. */
export const SESSION = "HPO_SESSION_MARKER";
