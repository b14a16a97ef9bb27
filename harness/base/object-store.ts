/** The production name of the house's object store, where backups go. */
export const objectStoreHost = "minio.home.arpa";
export const objectStorePort = 9000;
/** As backups are led there: without TLS, as at home. */
export const objectStoreAddress = `http://${objectStoreHost}:${objectStorePort}`;
