/** Name of the page within the directory of its run. */
export const reportFile = "report.html";
